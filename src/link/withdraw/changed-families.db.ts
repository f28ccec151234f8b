import type { PoolClient } from 'pg'
import type { FamilyId } from '../../domain/ids.ts'
import { type AgreedCoverage, isCovered } from '../../trust/agreements/coverage.ts'
import type { LinkedSubject } from '../resolve/linked-subject.ts'
import { BLOCK_LIMIT } from '../subjects/blocking.sql.ts'
import { type Indexer, namedIndexesOf } from '../subjects/prepare.ts'
import { countMembers, deleteIdentifiers } from '../subjects/removal.sql.ts'
import { readMemberKeys, readRecordsByKey, readSources } from '../subjects/source.sql.ts'
import { type Opener, type StoredRecord, sourceRecordOf } from '../subjects/source-record.ts'
import type { Index, Subject } from '../subjects/subject.ts'
import { readSubjectsById } from '../subjects/subjects.sql.ts'
import type { LinesOfSubjects } from './lines-of-subjects.ts'
import type { GoneRecord } from './standing.db.ts'

/** Families that a withdrawal touches, after its records are gone. */
export type ChangedFamilies = {
  /** Those with a record of their own left, those that persons still name, and those whose row changes. */
  linked: LinkedSubject[]
  /** Those that nothing is left of: no record of their own, and no record of a person names them. */
  withdrawn: { subject: Subject; lines: ReadonlySet<number> }[]
}

type Access = { index: Indexer; open: Opener; coverage: AgreedCoverage }

/** What becomes of the families whose own record, or the record of a member, is gone. Identifiers that only those stated go. */
export async function changedFamilies(
  tx: PoolClient,
  gone: readonly GoneRecord[],
  { families: lines }: LinesOfSubjects,
  access: Access,
): Promise<ChangedFamilies> {
  const stated = Map.groupBy(
    gone.flatMap((record) => {
      const family = record.subject.startsWith('fam_') ? record.subject : record.family
      return family === null ? [] : [{ family: family as FamilyId, record }]
    }),
    ({ family }) => family,
  )
  const ids = [...stated.keys()]
  const subjects = await readSubjectsById(tx, ids)
  const own = Map.groupBy(await readSources(tx, ids), ({ subject }) => subject)
  const members = await countMembers(tx, ids, BLOCK_LIMIT)
  const { lost: lostCards, cards } = await forgetIdentifiers(tx, stated, { own, members, access })
  const changed: ChangedFamilies = { linked: [], withdrawn: [] }
  for (const subject of subjects) {
    const id = subject.id as FamilyId
    const sources = own.get(id) ?? []
    const taken = lines.get(id)
    const isAlone = sources.length === 0
    if (isAlone && !members.has(id)) {
      changed.withdrawn.push({ subject, lines: taken ?? linesOf(stated.get(id)) })
      continue
    }
    const lost = lostCards.get(id) ?? 0
    if (taken === undefined && lost === 0) continue
    // A family that persons still name is told of as such: without the record, or without the card that nobody states any more.
    const card = isAlone ? cards.get(id) : undefined
    changed.linked.push({
      subject: { ...subject, cardCount: Math.max(0, subject.cardCount - lost) },
      sources: sources.map((row) => sourceRecordOf(row, access.open, (family) => family)),
      lines: taken ?? (isAlone ? linesOf(stated.get(id)) : new Set()),
      ...(card !== undefined && { card }),
      isChanged: lost > 0,
    })
  }
  return changed
}

function linesOf(stated: readonly { record: GoneRecord }[] | undefined): Set<number> {
  return new Set((stated ?? []).map(({ record }) => record.takenBy))
}

/**
 * Deletes the identifiers that the records gone stated and that no record left states; gives how many cards each family lost, and
 * the No. KK by which its members name it: the first in order.
 * Of a family with more than `BLOCK_LIMIT` members (a home, a barracks) they stay: they tell nothing.
 */
async function forgetIdentifiers(
  tx: PoolClient,
  stated: ReadonlyMap<FamilyId, readonly { record: GoneRecord }[]>,
  {
    own,
    members,
    access,
  }: {
    own: ReadonlyMap<string, readonly StoredRecord[]>
    members: ReadonlyMap<FamilyId, number>
    access: Access
  },
): Promise<{ lost: Map<FamilyId, number>; cards: Map<FamilyId, string> }> {
  const small = [...stated.keys()].filter((id) => (members.get(id) ?? 0) <= BLOCK_LIMIT)
  const memberKeys = await readMemberKeys(tx, small, BLOCK_LIMIT)
  const rows = new Map(
    (
      await readRecordsByKey(
        tx,
        memberKeys.flatMap(({ keys }) => keys),
      )
    ).map((row) => [row.key, row]),
  )
  const keysOf = new Map(memberKeys.map(({ family, keys }) => [family, keys]))
  const forgotten = small.flatMap((family) => {
    const left = [...(own.get(family) ?? []), ...(keysOf.get(family) ?? []).flatMap((key) => rows.get(key) ?? [])]
    const still = new Set(left.flatMap((row) => namesOf(row, access)))
    const before = new Set((stated.get(family) ?? []).flatMap(({ record }) => namesOf(record, access)))
    return [...before].filter((index) => !still.has(index)).map((index) => ({ family, index }))
  })
  const cards = new Map<FamilyId, string>()
  for (const [family, keys] of keysOf) {
    const stating = keys.flatMap((key) => rows.get(key) ?? []).flatMap((row) => cardOf(row, access) ?? [])
    const [first] = stating.sort()
    if (first !== undefined) cards.set(family, first)
  }
  const lost = new Map<FamilyId, number>()
  for (const { family, kind } of await deleteIdentifiers(tx, forgotten)) {
    if (kind === 'kk') lost.set(family, (lost.get(family) ?? 0) + 1)
  }
  return { lost, cards }
}

function cardOf({ key, platform, sealed }: StoredRecord, { open, coverage }: Access): string | undefined {
  const covered = coverage(platform)
  if (covered !== undefined && !isCovered(covered, 'individu', 'nomor_kartu_keluarga')) return undefined
  const card = open(key, platform, sealed).fields.nomor_kartu_keluarga
  return typeof card === 'string' ? card : undefined
}

function namesOf({ key, platform, sealed }: StoredRecord, { index, open }: Access): Index[] {
  const { kk, household, head } = namedIndexesOf(open(key, platform, sealed), platform, index)
  return [kk, household, head].flatMap((one) => one ?? [])
}
