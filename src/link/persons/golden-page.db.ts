import type { GoldenLine, RestrictedLine, StubLine } from '../../domain/golden.ts'
import type { FamilyId, PersonId, SubjectId } from '../../domain/ids.ts'
import type { Region } from '../../domain/region.ts'
import { REGISTERS, type Register } from '../../domain/register.ts'
import type { Db } from '../../io/postgres/postgres.ts'
import type { AgreedCoverage } from '../../trust/agreements/coverage.ts'
import type { Vault } from '../../trust/keys/vault.ts'
import { readDecisions } from '../review/decision.sql.ts'
import type { PairDecision } from '../review/pair-decision.ts'
import { underReview } from '../review/review.sql.ts'
import type { ScoringModel } from '../score/evidence.ts'
import { mergeGolden } from '../subjects/merge.ts'
import { namedFamilies, toldSubjectsAfter } from '../subjects/page.sql.ts'
import { regionOfSources } from '../subjects/region-of.ts'
import { withoutHead } from '../subjects/restricted/restricted.ts'
import { openCovered } from '../subjects/sealed-record/open-record.db.ts'
import { readMembersOf, readSources } from '../subjects/source.sql.ts'
import { readMerged } from '../subjects/subjects.sql.ts'
import type { Survivorship } from '../subjects/survivorship.ts'
import { confidenceOf } from './confidence.ts'
import { restrictedAmong } from './subject-register.db.ts'

const STUB = { kind: 'stub', level: 'keluarga' } as const
// A household has a few; of a larger one so many tell its card.
const MOST_MEMBERS = 50

/** Lines as they stand, and the id to go on after; undefined at the end. `place` is the BPS code of the smallest known place. */
export type GoldenPage = {
  lines: { line: GoldenLine | RestrictedLine | StubLine; place: string }[]
  next: SubjectId | undefined
}

export type GoldenPageDeps = {
  vault: Pick<Vault, 'open' | 'lastingText' | 'lastingOf'>
  survivorship: Survivorship
  scoringModel: ScoringModel
  /** The codes of a place in both schemes, by its BPS code. */
  regionOf(bps: string): Region
  /** The register that a dataset is an extract of. */
  registerOf(dataset: string): Register
  /** The fields of each platform's records that may be told. */
  coverage: AgreedCoverage
}

/**
 * Merges the golden records of the subjects after an id. The entries behind them, which only a delivery says, are left
 * out. A person without a region of their own is where the family is. A family without a record that persons name is a stub. Of a
 * person whose data is restricted it is said that it is, and no more.
 */
export async function readGoldenPage(
  db: Db,
  { vault, survivorship, scoringModel, regionOf, registerOf, coverage }: GoldenPageDeps,
  after: string,
  limit: number,
): Promise<GoldenPage> {
  const subjects = await toldSubjectsAfter(db, after, limit)
  const ids = subjects.map(({ id }) => id)
  const here = new Set<SubjectId>(ids)
  const families = [...new Set(subjects.flatMap(({ family }) => (family === null || here.has(family) ? [] : family)))]
  const sources = Map.groupBy(await readSources(db, [...ids, ...families]), ({ subject }) => subject)
  const merged = Map.groupBy(await readMerged(db, ids), ({ into }) => into)
  const named = new Set(
    await namedFamilies(
      db,
      ids.filter((id) => id.startsWith('fam_') && !sources.has(id)),
    ),
  )
  const opened = new Map(
    [...sources].map(([id, rows]) => [id, rows.map((row) => ({ ...row, record: openCovered(row, vault, coverage) }))]),
  )
  const cards = await cardsOf(db, { vault, coverage }, named)
  const persons = [...opened.values()].flat().filter(({ subject }) => subject.startsWith('per_') && here.has(subject))
  const asked = await underReview(
    db,
    persons.map(({ key }) => key),
  )
  // A single record is held together by nothing.
  const several = persons.filter(({ subject }) => (opened.get(subject)?.length ?? 0) > 1)
  const decisions = await readDecisions(
    db,
    several.map(({ key }) => key),
  )
  const decidedOf = new Map<string, PairDecision[]>()
  for (const one of decisions)
    for (const key of [one.a, one.b]) {
      const known = decidedOf.get(key)
      if (known) known.push(one)
      else decidedOf.set(key, [one])
    }
  const restricted = await restrictedAmong(db, vault, ids)
  const regions = new Map([...opened].map(([id, records]) => [id, regionOfSources(records, survivorship)]))
  const lines = subjects.flatMap(({ id, level, version, family }): GoldenPage['lines'] => {
    const ledTo = merged
      .get(id)
      ?.map((one) => one.id)
      .sort()
    const tail = { version, entries: [], ...(ledTo && { merged: ledTo }) }
    const records = opened.get(id)
    if (records === undefined)
      return named.has(id)
        ? [{ line: { ...STUB, subject: id as FamilyId, record: cards.get(id) ?? {}, ...tail }, place: '' }]
        : []
    const [own, ofFamily] = [regions.get(id), family === null ? undefined : regions.get(family)]
    const region = own ? regionOf(own) : ofFamily ? { ...regionOf(ofFamily), from: 'family' as const } : undefined
    if (restricted.persons.has(id)) {
      const line = { kind: 'restricted', subject: id as PersonId, level: 'individu', ...tail } as const
      return [{ line, place: region?.bps ?? '' }]
    }
    const known = new Set(records.map(({ dataset }) => registerOf(dataset)))
    const golden = mergeGolden(records, survivorship)
    const said = {
      ...(restricted.heads.has(id as FamilyId) ? withoutHead(golden) : golden),
      ...(region && { region }),
      registers: REGISTERS.filter((register) => known.has(register)),
      ...tail,
    }
    const line: GoldenLine =
      level === 'keluarga'
        ? { subject: id as FamilyId, level, ...said }
        : {
            subject: id as PersonId,
            level,
            ...(family && { family }),
            ...said,
            confidence: confidenceOf(
              records,
              records.flatMap(({ key }) => decidedOf.get(key) ?? []),
              scoringModel,
            ),
            review: records.some(({ key }) => asked.has(key)),
          }
    return [{ line, place: region?.bps ?? '' }]
  })
  return { lines, next: subjects.length === limit ? ids.at(-1) : undefined }
}

/** The No. KK by which its members name each family; the first in order where there are several. */
async function cardsOf(
  db: Db,
  { vault, coverage }: Pick<GoldenPageDeps, 'vault' | 'coverage'>,
  families: ReadonlySet<SubjectId>,
): Promise<Map<SubjectId, { nomor_kartu_keluarga: string }>> {
  const cards = new Map<SubjectId, { nomor_kartu_keluarga: string }>()
  if (families.size === 0) return cards
  for (const member of await readMembersOf(db, [...families] as FamilyId[], MOST_MEMBERS)) {
    const card = openCovered(member, vault, coverage).fields.nomor_kartu_keluarga
    if (member.family === null || typeof card !== 'string') continue
    const before = cards.get(member.family)
    if (before === undefined || card < before.nomor_kartu_keluarga)
      cards.set(member.family, { nomor_kartu_keluarga: card })
  }
  return cards
}
