import type { SubjectId } from '../../../domain/ids.ts'
import { areCompared } from '../../block/is-candidate.ts'
import { type ClusterMember, groupMembers } from '../../cluster/grouping.ts'
import { type ReviewChanges, reviewChanges } from '../../cluster/possible-matches.ts'
import { type PairDecision, pairKey } from '../../review/pair-decision.ts'
import type { OpenReview } from '../../review/review.ts'
import type { ScoringModel } from '../../score/evidence.ts'
import { areOfOneFamily } from '../../subjects/source-record.ts'
import type { Index, Subject } from '../../subjects/subject.ts'
import { weigher } from '../candidates/score-candidates.ts'

/** All records that may be of one person with some others, and what was said about them: enough to say who they are. */
export type Neighbourhood = {
  members: ReadonlyMap<Index, ClusterMember>
  decisions: readonly PairDecision[]
  reviews: readonly OpenReview[]
  /** Subjects that a merge ended, and that some of these members were before. */
  former: ReadonlyMap<SubjectId, Subject>
}

/** A neighbourhood parted into persons. */
export type GroupedPersons = {
  /** Each group is one person's records. */
  groups: ClusterMember[][]
  /** The match weight of the weakest link of each group of several records. */
  weakest: ReadonlyMap<readonly ClusterMember[], number>
  /** Records that are in a possible match which nobody has decided yet. */
  underReview: ReadonlySet<Index>
  /** Records of which a possible match came or went. */
  reviewChanged: ReadonlySet<Index>
  /** What changes at the review desk. */
  reviews: ReviewChanges
}

/** Parts a neighbourhood into persons; `edges` are the pairs that the scoring kept. */
export function groupNeighbourhood(
  { members, decisions, reviews }: Neighbourhood,
  edges: readonly (readonly [Index, Index])[],
  scoringModel: ScoringModel,
): GroupedPersons {
  const pairs: [ClusterMember, ClusterMember][] = []
  for (const [a, b] of [...edges, ...[...decisions, ...reviews].map(({ a, b }) => [a, b] as const)]) {
    const [one, other] = [members.get(a), members.get(b)]
    if (one !== undefined && other !== undefined) pairs.push([one, other])
  }
  const weigh = weigher(scoringModel, decisions)
  const known = new Set([...edges.map(([a, b]) => pairKey(a, b)), ...decisions.map(({ a, b }) => pairKey(a, b))])
  const isCompared = (a: ClusterMember, b: ClusterMember) =>
    known.has(pairKey(a.key, b.key)) ||
    areCompared(a.features, b.features, scoringModel.model, areOfOneFamily(a.source, b.source))
  const groupings = groupMembers([...members.values()], pairs, { weigh, isCompared }, scoringModel.thresholds)
  const groups = groupings.flatMap((grouping) => grouping.groups)
  const possibleMatches = groupings.flatMap((grouping) => grouping.possibleMatches)
  const weakest = new Map(groupings.flatMap((grouping) => [...grouping.weakest]))
  const changes = reviewChanges(possibleMatches, reviews, groups, decisions)
  const dropped = new Set(changes.dropped)
  const keysOf = (pairs: readonly { a: Index; b: Index }[]) => new Set(pairs.flatMap(({ a, b }) => [a, b]))
  const [gone, kept] = [reviews.filter(({ id }) => dropped.has(id)), reviews.filter(({ id }) => !dropped.has(id))]
  return {
    groups,
    weakest,
    underReview: keysOf([...kept, ...changes.opened]),
    reviewChanged: keysOf([...gone, ...changes.opened]),
    reviews: changes,
  }
}
