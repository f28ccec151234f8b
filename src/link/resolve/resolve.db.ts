import type { PoolClient } from 'pg'
import type { BatchId, PersonId, SubjectId } from '../../domain/ids.ts'
import { type BlockingKeys, blockingKeys } from '../block/blocking-keys.ts'
import type { Draw } from '../block/features-of-chunk.ts'
import { areCompared } from '../block/is-candidate.ts'
import { groupMembers, type Member } from '../cluster/grouping.ts'
import { reviewChanges } from '../cluster/possible-matches.ts'
import { featuresOf } from '../compare/features.ts'
import { type Decided, recordsOfDecisions } from '../review/decision.sql.ts'
import { evidenceOf, type ScoringModel } from '../score/evidence.ts'
import type { Indexer } from '../subjects/prepare.ts'
import { readRecords } from '../subjects/source.sql.ts'
import { type BlockingKey, freshSubject, type Index, type Source } from '../subjects/subject.ts'
import { readSubjects } from '../subjects/subjects.sql.ts'
import { settlePersons } from './assign-ids.ts'
import { pairsOfChunk, pairsWithStored } from './candidates.db.ts'
import { mustHave, type Opener, subjectOf } from './load.db.ts'
import { loadNeighbourhood, memberOf, type Neighbourhood } from './neighbourhood.db.ts'
import { pairsOfUnited } from './relatives.db.ts'
import { decidedSet, pairOf, weigher } from './weigher.ts'
import { nameOneFamily, type World } from './working-set.ts'

/** Stands for the subject of a candidate until it is known to matter. */
const NOBODY = Object.freeze(freshSubject('per_', 'individu'))

export type PersonDeps = { scoringModel: ScoringModel; index: Indexer; open: Opener; newPerson: () => PersonId }

/** A record whose person is looked for, with the keys by which it is found. */
export type Touched = Member & { keys: BlockingKeys }

/** What was drawn of the chunk's records, and the keys of which of them are in the database already. */
export type Brought = { draw: Draw; inserted: ReadonlySet<Index> }

/** Which entry of the chunk stands behind what becomes of some records. */
type LineOf = (members: readonly Member[]) => number

/** Finds out which records of the chunk are of one person with each other and with the stored subjects'; tells how many blocks were too large. */
export async function linkPersons(
  tx: PoolClient,
  world: World,
  deps: PersonDeps,
  brought: Brought,
): Promise<{ oversized: number }> {
  return linkTouched(tx, world, touchedIn(world, deps, brought), deps, (members) => lineOf(members, world))
}

/** Judges stored records anew, as if they came now; `lines` are their places in the chunk. */
export async function relinkRecords(
  tx: PoolClient,
  world: World,
  deps: PersonDeps,
  lines: ReadonlyMap<Index, number>,
): Promise<{ oversized: number }> {
  const rows = await readRecords(tx, [...lines.keys()])
  const subjects = await readSubjects(tx, [...new Set(rows.map(({ subject }) => subject))])
  for (const row of subjects) world.subjects.set(row.id, subjectOf(row))
  const touched = rows.map((row): Touched => {
    const member = memberOf(row, mustHave(world, row.subject), deps.open)
    const keys = blockingKeys(member.features, deps.scoringModel.model, deps.index)
    const stored = keys.stored.map((key) => ({ key, record: row.key }))
    world.blocking.removed.push(...stored)
    world.blocking.added.push(...stored)
    return { key: row.key, source: member.source, subject: member.subject, features: member.features, keys }
  })
  const last = Math.max(...lines.values())
  return linkTouched(tx, world, touched, deps, (members) => {
    const own = members.flatMap(({ key }) => lines.get(key) ?? [])
    return own.length > 0 ? Math.max(...own) : last
  })
}

async function linkTouched(
  tx: PoolClient,
  world: World,
  touched: readonly Touched[],
  deps: PersonDeps,
  lineOfChange: LineOf,
): Promise<{ oversized: number }> {
  const united = await pairsOfUnited(tx, world)
  if (touched.length + united.length === 0) return { oversized: 0 }
  const { same, unsure } = deps.scoringModel.thresholds
  const weigh = weigher(deps.scoringModel, world, [])
  const isTie = (a: Member, b: Member) => {
    const { weight, isPossible } = weigh(a, b)
    return isPossible || weight >= unsure
  }
  const ties: [Index, Index][] = []
  for (const [a, b] of pairsOfChunk(touched, world)) if (isTie(a, b)) ties.push([a.key, b.key])
  const { pairs, oversized } = await pairsWithStored(tx, touched, world)
  const rows = await readRecords(tx, [...new Set([...pairs.map(([, key]) => key), ...united.flat()])])
  const candidates = new Map(rows.map((row) => [row.key, { row, member: memberOf(row, NOBODY, deps.open) }]))
  const ids = new Set<SubjectId>()
  for (const [one, key] of pairs) {
    const candidate = candidates.get(key)
    if (candidate === undefined || !isTie(one, candidate.member)) continue
    ties.push([one.key, key])
    ids.add(candidate.row.subject)
  }
  for (const [a, b] of united) {
    const [one, other] = [candidates.get(a), candidates.get(b)]
    if (one === undefined || other === undefined) continue
    if (!areCompared(one.member.features, other.member.features, deps.scoringModel.model, true)) continue
    // Of one family less may speak for one person as well, or nothing at all: what was a possible match is none any more.
    const before = evidenceOf(one.member.features, other.member.features, deps.scoringModel, false)
    if (!isTie(one.member, other.member) && !before.isPossible && before.weight < unsure) continue
    ties.push([a, b])
    ids.add(one.row.subject).add(other.row.subject)
  }
  const tied = new Set(ties.flat())
  // Who is new and like nobody stays alone; most are when a region comes for the first time.
  const brought = touched.filter(({ key, subject }) => tied.has(key) || !subject.isNew)
  if (brought.length + ids.size > 0) {
    const near = await loadNeighbourhood(tx, world, { brought, ids, same, open: deps.open })
    regroup(world, near, ties, deps, lineOfChange)
  }
  return { oversized }
}

/** Looks again at the persons that the decisions of a batch are about. */
export async function relinkPersons(tx: PoolClient, world: World, deps: PersonDeps, batch: BatchId): Promise<void> {
  const rows = await readRecords(tx, await recordsOfDecisions(tx, batch))
  const ids = new Set(rows.map(({ subject }) => subject))
  const { same } = deps.scoringModel.thresholds
  const near = await loadNeighbourhood(tx, world, { brought: [], ids, same, open: deps.open })
  regroup(world, near, [], deps, () => 1)
}

function regroup(
  world: World,
  { members, decided, reviews, former }: Neighbourhood,
  found: readonly [Index, Index][],
  { scoringModel, newPerson }: PersonDeps,
  lineOfChange: LineOf,
): void {
  const ties: [Member, Member][] = []
  for (const [a, b] of [...found, ...[...decided, ...reviews].map(({ a, b }) => [a, b] as const)]) {
    const [one, other] = [members.get(a), members.get(b)]
    if (one !== undefined && other !== undefined) ties.push([one, other])
  }
  const weigh = weigher(scoringModel, world, decided)
  const known = new Set([...found.map(([a, b]) => pairOf(a, b)), ...decidedSet(decided)])
  const isCompared = (a: Member, b: Member) =>
    known.has(pairOf(a.key, b.key)) ||
    areCompared(a.features, b.features, scoringModel.model, nameOneFamily(world, a.source, b.source))
  const groupings = groupMembers([...members.values()], ties, { weigh, isCompared }, scoringModel.thresholds)
  const groups = groupings.flatMap((grouping) => grouping.groups)
  settlePersons(world, groups, { newPerson, lineOf: lineOfChange, former, leavers: leaversOf(decided, members) })
  const possibleMatches = groupings.flatMap((grouping) => grouping.possibleMatches)
  world.reviews = reviewChanges(possibleMatches, reviews, groups, decidedSet(decided))
}

/** The records that were taken away from a person and have not left it yet. */
function leaversOf(decided: readonly Decided[], members: ReadonlyMap<Index, Member>): Set<Index> {
  const leavers = new Set<Index>()
  for (const { a, b, leaver } of decided) {
    const subject = members.get(a)?.subject
    if (leaver && subject !== undefined && subject === members.get(b)?.subject) leavers.add(leaver)
  }
  return leavers
}

/** The records of persons that the chunk brings; notes under which keys they are found from now on. */
function touchedIn(world: World, { scoringModel, index }: PersonDeps, { draw, inserted }: Brought): Touched[] {
  const touched: Touched[] = []
  for (const [key, change] of world.changes) {
    const { incoming, subject } = change
    const source = subject.sources.get(key)
    if (incoming.record.level !== 'individu' || source === undefined) continue
    const { features, keys } = draw(incoming)
    const former = formerKeys(world, source, scoringModel, index)
    const added = inserted.has(key) ? [] : keys.stored
    noteKeys(world, key, { added, kept: keys.stored, former })
    touched.push({ key, source, subject, features, keys })
  }
  return touched
}

function formerKeys(
  world: World,
  { key, platform, dataset }: Source,
  { model }: ScoringModel,
  index: Indexer,
): readonly string[] {
  const former = world.former.get(key)
  return former === undefined ? [] : blockingKeys(featuresOf(former(), `${platform}|${dataset}`), model, index).stored
}

function noteKeys(
  { blocking }: World,
  record: Index,
  { added, kept, former }: Record<'added' | 'kept' | 'former', readonly BlockingKey[]>,
): void {
  for (const key of added) if (!former.includes(key)) blocking.added.push({ key, record })
  for (const key of former) if (!kept.includes(key)) blocking.removed.push({ key, record })
}

/** The entry behind a change: one that brings a record of the same person, else the last one that changes anything. */
function lineOf(members: readonly Member[], world: World): number {
  let last = 0
  for (const { key } of members) last = Math.max(last, world.changes.get(key)?.incoming.line ?? 0)
  if (last === 0) for (const { incoming } of world.changes.values()) last = Math.max(last, incoming.line)
  return last
}
