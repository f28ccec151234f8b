import type { PoolClient } from 'pg'
import { atSize } from '../../score/at-size.ts'
import { readSize } from '../../subjects/size.sql.ts'
import type { Footprint } from '../ahead/footprint.ts'
import { findCandidates } from '../candidates/candidates.db.ts'
import { type ScoredEdges, scoreCandidates } from '../candidates/score-candidates.ts'
import { alonePersons, partTied, type TouchedRecord } from '../candidates/touched.ts'
import type { FamilyIds } from '../families/family-ids.ts'
import type { LinkDeps, RecordAccess } from '../link-deps.db.ts'
import { type Waiting, withWaiting } from '../tell/waiting.db.ts'
import { type Assignment, assignIds } from './assign-ids.ts'
import { type GroupedPersons, groupNeighbourhood, type Neighbourhood } from './group-neighbourhood.ts'
import type { LineSource } from './lines.ts'
import { loadNeighbourhood, type NeighbourhoodStart } from './neighbourhood.db.ts'

/** The persons of records, and what changes at the review desk. */
export type FoundPersons = Assignment &
  Pick<GroupedPersons, 'reviews' | 'reviewChanged'> & {
    /** How many blocks were too large to be compared. */
    oversized: number
    /** The open possible matches that were looked at. */
    open: Neighbourhood['reviews']
  }

/** What the search for persons is told besides the records. */
export type PersonContext = Pick<RecordAccess, 'open'> & {
  families: FamilyIds
  lines: LineSource
  seen: Footprint
  waiting?: Waiting
}

/** Finds the person of each touched record, among those of other touched and of stored records. */
export async function findPersons<Composed>(
  tx: PoolClient,
  deps: LinkDeps<Composed>,
  touched: readonly TouchedRecord[],
  context: PersonContext & Pick<RecordAccess, 'numbers'>,
): Promise<FoundPersons> {
  const candidates = await findCandidates(tx, touched, context)
  const { edges, persons } = scoreCandidates(candidates, deps.scoringModel)
  const { tied, alone } = partTied(touched, edges)
  const { waiting = NOBODY } = context
  const start = { brought: tied, persons: new Set([...persons, ...waiting.keys()]) }
  const found = await regroup(tx, deps, start, edges, context)
  const all = withWaiting([...found.persons, ...alonePersons(alone, context.lines.brought)], waiting)
  return { ...found, persons: all, oversized: candidates.oversized }
}

/** Parts the neighbourhood of some records into persons, and gives each its id. */
export async function regroup<Composed>(
  tx: PoolClient,
  { scoringModel, newPerson }: LinkDeps<Composed>,
  start: NeighbourhoodStart,
  edges: ScoredEdges['edges'],
  { families, lines, open, seen }: PersonContext,
): Promise<FoundPersons> {
  const { same } = scoringModel.thresholds
  const neighbourhood = await loadNeighbourhood(tx, start, { same, open, familyNow: families.now })
  const grouped = groupNeighbourhood(neighbourhood, edges, atSize(scoringModel, await readSize(tx)))
  const { members, reviews: asked, decisions } = neighbourhood
  seen.note(() => edges)
  seen.note(() => [...asked, ...decisions].map(({ a, b }) => [a, b]))
  seen.note(() =>
    [...members.values()].map(({ key, subject, source: { family, former } }) =>
      [key, subject.id, family, former].flatMap((name) => name ?? []),
    ),
  )
  const { reviews, reviewChanged } = grouped
  const assigned = assignIds(grouped.groups, neighbourhood, lines, newPerson, grouped)
  return { ...assigned, reviews, reviewChanged, oversized: 0, open: asked }
}

const NOBODY: Waiting = new Map()
