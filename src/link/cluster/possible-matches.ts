import type { ReviewId } from '../../domain/ids.ts'
import type { PairDecision } from '../review/pair-decision.ts'
import type { OpenReview } from '../review/review.ts'
import type { Index } from '../subjects/subject.ts'
import type { ClusterMember, PossibleMatch } from './grouping.ts'

/** Possible matches that came, went, or have another match weight now. */
export type ReviewChanges = {
  opened: PossibleMatch[]
  dropped: ReviewId[]
  weighed: { id: ReviewId; weight: number }[]
}

/**
 * Compares the possible matches between groups with the open ones. An open one keeps its two records while their groups
 * are a possible match, so that a steward's page stays what it was. Two groups of which any pair was decided are not asked about.
 */
export function reviewChanges(
  possibleMatches: readonly PossibleMatch[],
  open: readonly OpenReview[],
  groups: readonly (readonly ClusterMember[])[],
  decisions: readonly PairDecision[],
): ReviewChanges {
  const groupOf = new Map<Index, number>()
  for (const [at, group] of groups.entries()) for (const { key } of group) groupOf.set(key, at)
  const groupsOf = (a: Index, b: Index) => [groupOf.get(a), groupOf.get(b)].sort().join()
  const decided = new Set(decisions.map(({ a, b }) => groupsOf(a, b)))
  const wanted = new Map<string, PossibleMatch>()
  for (const possible of possibleMatches) {
    const between = groupsOf(possible.a, possible.b)
    if (!decided.has(between)) wanted.set(between, possible)
  }
  const changes: ReviewChanges = { opened: [], dropped: [], weighed: [] }
  const met = new Set<ReviewId>()
  for (const { id, a, b, weight } of open) {
    // Nothing is known of a record whose person was not loaded.
    if (met.has(id) || !groupOf.has(a) || !groupOf.has(b)) continue
    met.add(id)
    const between = groupsOf(a, b)
    const possible = wanted.get(between)
    if (possible === undefined) changes.dropped.push(id)
    else if (Math.abs(possible.weight - weight) > 0.01) changes.weighed.push({ id, weight: possible.weight })
    wanted.delete(between)
  }
  changes.opened.push(...wanted.values())
  return changes
}
