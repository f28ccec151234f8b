import type { PoolClient } from 'pg'
import type { SubjectId } from '../../domain/ids.ts'
import type { Member } from '../cluster/grouping.ts'
import { featuresOf } from '../compare/features.ts'
import { type Decided, readDecisions } from '../review/decision.sql.ts'
import { type OpenReview, reviewsOf } from '../review/review.sql.ts'
import { type RecordRow, readFormerSubjects, readRecords, readSources } from '../subjects/source.sql.ts'
import { type Index, resolveSubject, type Subject } from '../subjects/subject.ts'
import { readSubjects } from '../subjects/subjects.sql.ts'
import { mustHave, type Opener, sourceOf, subjectOf } from './load.db.ts'
import type { World } from './working-set.ts'

/** All that hangs together with some records: what it takes to say who they are, whatever came first. */
export type Neighbourhood = {
  members: Map<Index, Member>
  decided: Decided[]
  reviews: OpenReview[]
  /** Subjects that a merge ended, and that a part of these members were before. */
  former: Map<SubjectId, Subject>
}

/**
 * Loads the persons that `ids` are and, as long as there are more, those that are tied to them by evidence once weighed and
 * refused, by a possible match, or by a decision. `brought` are the records that a chunk brings, which are members already.
 */
export async function loadNeighbourhood(
  tx: PoolClient,
  world: World,
  { brought, ids, same, open }: { brought: readonly Member[]; ids: Iterable<SubjectId>; same: number; open: Opener },
): Promise<Neighbourhood> {
  const near: Neighbourhood = { members: new Map(), decided: [], reviews: [], former: new Map() }
  for (const member of brought) near.members.set(member.key, member)
  const changed = new Set(brought.map(({ key }) => key))
  // A record that nobody has seen before is part of no possible match and in no decision.
  let fresh = brought.filter(({ subject }) => !subject.isNew).map(({ key }) => key)
  let wanted = new Set([...ids, ...brought.filter(({ subject }) => !subject.isNew).map(({ subject }) => subject.id)])
  const loaded = new Set<SubjectId>()
  while (wanted.size > 0 || fresh.length > 0) {
    const rows = await loadSubjects(tx, world, [...wanted])
    for (const id of wanted) loaded.add(id)
    for (const row of rows) {
      if (near.members.has(row.key)) continue
      near.members.set(row.key, memberOf(row, resolveSubject(mustHave(world, row.subject)), open))
      fresh.push(row.key)
    }
    const [reviews, decided] = [await reviewsOf(tx, fresh), await readDecisions(tx, fresh)]
    near.reviews.push(...reviews)
    near.decided.push(...decided)
    const beyond = [
      ...reviews.filter(({ a, b, weight }) => weight >= same || changed.has(a) || changed.has(b)),
      ...decided.filter(({ decision }) => decision === 'same'),
    ].flatMap(({ a, b }) => [a, b])
    const strangers = beyond.filter((key) => !near.members.has(key))
    const next = await readRecords(tx, [...new Set(strangers)])
    wanted = new Set(next.map(({ subject }) => subject).filter((id) => !loaded.has(id)))
    fresh = []
  }
  near.former = await loadFormer(tx, near.members)
  return near
}

/** A stored record as a member; what it says is opened when it is weighed. */
export function memberOf(row: RecordRow, subject: Subject, open: Opener): Member {
  const source = sourceOf(row, open)
  let features: Member['features'] | undefined
  return {
    key: row.key,
    source,
    subject,
    get features() {
      features ??= featuresOf(source.open(), `${source.platform}|${source.dataset}`)
      return features
    },
  }
}

/** Puts persons into the world with all of their records. */
async function loadSubjects(tx: PoolClient, world: World, ids: readonly SubjectId[]): Promise<RecordRow[]> {
  const unknown = ids.filter((id) => !world.subjects.has(id))
  for (const row of await readSubjects(tx, unknown)) world.subjects.set(row.id, subjectOf(row))
  return readSources(tx, ids)
}

async function loadFormer(tx: PoolClient, members: ReadonlyMap<Index, Member>): Promise<Map<SubjectId, Subject>> {
  const ids = new Set<SubjectId>()
  for (const { source, subject } of members.values()) {
    if (source.former !== undefined && source.former !== subject.id) ids.add(source.former)
  }
  const subjects = await readFormerSubjects(tx, [...ids])
  return new Map(subjects.map((row) => [row.id, subjectOf(row)]))
}
