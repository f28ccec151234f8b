import type { PoolClient } from 'pg'
import type { FamilyId, SubjectId } from '../../../domain/ids.ts'
import type { ClusterMember } from '../../cluster/grouping.ts'
import { readDecisions } from '../../review/decision.sql.ts'
import type { PairDecision } from '../../review/pair-decision.ts'
import { reviewsOf } from '../../review/review.sql.ts'
import type { OpenReview } from '../../review/review.ts'
import { readFormerSubjects, readRecordsByKey, readSources } from '../../subjects/source.sql.ts'
import type { Opener, StoredRecord } from '../../subjects/source-record.ts'
import type { Index, Subject } from '../../subjects/subject.ts'
import { readSubjectsById } from '../../subjects/subjects.sql.ts'
import { memberOf } from '../candidates/stored-person.ts'
import type { Neighbourhood } from './group-neighbourhood.ts'

/** From where a neighbourhood is loaded. */
export type NeighbourhoodStart = {
  /** Records that the chunk brings; they are members as they come. */
  brought: readonly ClusterMember[]
  /** Stored persons that a candidate of the chunk belongs to. */
  persons: Iterable<SubjectId>
}

/**
 * Loads persons with all of their records. From each record it goes on to others by decisions `same`, and by possible
 * matches that weigh `same` or more or that name a brought record, until no person is left to load.
 */
export async function loadNeighbourhood(
  tx: PoolClient,
  { brought, persons }: NeighbourhoodStart,
  { same, open, familyNow }: { same: number; open: Opener; familyNow: (id: FamilyId) => FamilyId },
): Promise<Neighbourhood> {
  const members = new Map(brought.map((member) => [member.key, member]))
  const decisions: PairDecision[] = []
  const reviews: OpenReview[] = []
  const changed = new Set(members.keys())
  // A record that nobody has seen before is part of no possible match and of no decision.
  const stored = brought.filter(({ subject }) => !subject.isNew)
  const loaded = new Map(stored.map(({ subject }) => [subject.id, subject]))
  let fresh = stored.map(({ key }) => key)
  let wanted = new Set([...persons, ...loaded.keys()])
  const done = new Set<SubjectId>()
  while (wanted.size > 0 || fresh.length > 0) {
    const unknown = [...wanted].filter((id) => !loaded.has(id))
    for (const subject of await readSubjectsById(tx, unknown)) loaded.set(subject.id, subject)
    const rows = await readSources(tx, [...wanted])
    for (const id of wanted) done.add(id)
    for (const row of rows) {
      if (members.has(row.key)) continue
      members.set(row.key, memberOf(row, personOf(row, loaded), open, familyNow))
      fresh.push(row.key)
    }
    const [found, decided] = [await reviewsOf(tx, fresh), await readDecisions(tx, fresh)]
    reviews.push(...found)
    decisions.push(...decided)
    const beyond = [
      ...found.filter(({ a, b, weight }) => weight >= same || changed.has(a) || changed.has(b)),
      ...decided.filter(({ decision }) => decision === 'same'),
    ].flatMap(({ a, b }) => [a, b])
    const strangers = beyond.filter((key) => !members.has(key))
    const next = await readRecordsByKey(tx, [...new Set(strangers)])
    wanted = new Set(next.map(({ subject }) => subject).filter((id) => !done.has(id)))
    fresh = []
  }
  return { members, decisions, reviews, former: await loadFormer(tx, members) }
}

function personOf({ subject }: StoredRecord, loaded: ReadonlyMap<SubjectId, Subject>): Subject {
  const person = loaded.get(subject)
  if (person === undefined) throw new Error(`a record leads to ${subject}, which is not there`)
  return person
}

async function loadFormer(
  tx: PoolClient,
  members: ReadonlyMap<Index, ClusterMember>,
): Promise<Map<SubjectId, Subject>> {
  const ids = new Set<SubjectId>()
  for (const { source, subject } of members.values()) {
    if (source.former !== undefined && source.former !== subject.id) ids.add(source.former)
  }
  const subjects = await readFormerSubjects(tx, [...ids])
  return new Map(subjects.map((subject) => [subject.id, subject]))
}
