import { type BatchId, millisecondsOf, type PersonId } from '../../domain/ids.ts'
import { readOrigins } from '../../engine/withdrawals/origins.sql.ts'
import type { Db } from '../../io/postgres/postgres.ts'
import { agreementName, agreementsOf } from '../../trust/agreements/agreement.ts'
import { AUDIT_ACTIONS, type AuditAction } from '../../trust/audit/actions.ts'
import { countBulkReadings, readLeavesAbout } from '../../trust/audit/seen.sql.ts'
import type { AccessDeps, AccessParts } from './access-deps.ts'
import type { AccessReport } from './access-shapes.ts'
import { shownFields } from './shown-fields.ts'

/** Readings of one person, or of what holds few: the log names it. */
const ONE: readonly AuditAction[] = [
  'person.read',
  'person.disclosed',
  'family.read',
  'explanation.read',
  'review.read',
  'delivery.read',
  'rows.read',
  'batch.rows-read',
]
/** Readings of very many at once: the log says who and how often. */
const MANY: readonly AuditAction[] = [
  'snapshot.read',
  'links.exported',
  'results.read',
  'candidates.read',
  'record.read',
  'rule.tried',
]
// Whoever was read more often is told of the first ones; nobody was so far.
const MOST_READINGS = 10_000

const NOTICE =
  'Seluruh data yang disimpan gerbang integrasi Titian tentang Anda, dari mana asalnya, siapa yang melihatnya, kepada siapa dikirim, ' +
  'dan apa jawaban BPS (UU 27/2022 pasal 7 dan 32). Anda berhak meminta perbaikan (pasal 6), pembatasan (pasal 11), dan penghapusan (pasal 8).'

type Source = NonNullable<Awaited<ReturnType<AccessParts['held']>>>['records'][number]

/** Gathers all that is held of a person, in plain words; undefined where nothing is. */
export async function makeAccessReport(
  db: Db,
  deps: AccessDeps,
  { request, person, now }: { request: string; person: PersonId; now: Date },
): Promise<AccessReport | undefined> {
  const { accessParts, canonical, platforms } = deps
  const held = await accessParts.held(db, person)
  if (held === undefined) return undefined
  const { subjects, families, reviews } = held
  const sources = [...held.records, ...held.ofFamily]
  const batches = [...new Set(sources.map(({ batch }) => batch))]
  const origins = new Map((await readOrigins(db, batches)).map((origin) => [origin.id, origin]))
  const sent = await accessParts.deliveries(db, subjects)
  const things = (kind: string, objects: readonly string[]) => objects.map((object) => ({ kind, object }))
  const seen = await readLeavesAbout(
    db,
    [
      ...things('person', subjects),
      ...things('family', families),
      ...things('review', reviews),
      ...things(
        'delivery',
        sent.map(({ id }) => id),
      ),
      ...things('batch', batches),
    ],
    ONE,
    MOST_READINGS,
  )
  const since = new Date(Math.min(...subjects.map(millisecondsOf)))
  const own = new Set(sources.map(({ platform }) => platform))
  const bulk = (await countBulkReadings(db, MANY, since)).filter(
    ({ action, object }) => action !== 'results.read' || own.has(object),
  )
  const titleOf = (platform: string) => platforms.get(platform)?.title ?? platform
  return {
    request,
    person: subjects[0] ?? person,
    made_at: now.toISOString(),
    notice: NOTICE,
    merged: shownFields(held.merged, 'individu', canonical),
    records: sources.map((source) => shownSource(source, origins.get(source.batch), deps)),
    seen: seen.map(({ at, actor, action, kind, object, purpose }) => ({
      at: at.toISOString(),
      by: actor,
      what: wordsOf(action),
      of: `${kind} ${object}`,
      purpose,
    })),
    seen_with_others: bulk.map(({ actor, action, times, first, last }) => ({
      by: actor,
      what: wordsOf(action),
      times,
      first: first.toISOString(),
      last: last.toISOString(),
    })),
    sent: sent.map(({ id, dataset, kinds, composedAt, acknowledgedAt }) => ({
      delivery: id,
      to: 'BPS',
      dataset,
      told: kinds,
      composed_at: composedAt.toISOString(),
      acknowledged_at: acknowledgedAt?.toISOString() ?? null,
    })),
    laid_out: (await accessParts.notices(db, subjects)).map(({ platform, notedAt }) => ({
      platform,
      title: titleOf(platform),
      since: notedAt.toISOString(),
    })),
    came_back: (await accessParts.results(db, subjects)).map(
      ({ version, asOf, status, appliedAt, overtakenAt, said }) => ({
        version,
        as_of: asOf,
        status,
        applied_at: appliedAt.toISOString(),
        overtaken_at: overtakenAt?.toISOString() ?? null,
        said: said as Record<string, unknown> | null,
      }),
    ),
  }
}

function shownSource(
  { platform, dataset, record }: Source,
  origin: { id: BatchId; agreement: string; receivedAt: Date } | undefined,
  { canonical, platforms }: Pick<AccessDeps, 'canonical' | 'platforms'>,
): AccessReport['records'][number] {
  const known = platforms.get(platform)
  const agreement = known && agreementsOf(known).find((one) => agreementName(one) === origin?.agreement)
  return {
    level: record.level,
    platform,
    platform_title: known?.title ?? platform,
    dataset,
    key: record.key,
    as_of: record.asOf ?? null,
    received_at: origin?.receivedAt.toISOString() ?? null,
    agreement: origin?.agreement ?? null,
    purpose: agreement?.purpose ?? null,
    legal_basis: agreement?.legalBasis ?? [],
    fields: shownFields(record.fields, record.level, canonical),
    others: { ...record.extensions },
  }
}

function wordsOf(action: string): string {
  return action in AUDIT_ACTIONS ? AUDIT_ACTIONS[action as AuditAction].id : action
}
