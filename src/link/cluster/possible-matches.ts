import type { ReviewId } from '../../domain/ids.ts'
import type { OpenReview } from '../review/review.sql.ts'
import type { Index } from '../subjects/subject.ts'
import type { Member, PossibleMatch } from './grouping.ts'

/** Possible matches that came, went, or weigh something else now. */
export type ReviewChanges = {
  opened: PossibleMatch[]
  dropped: ReviewId[]
  weighed: { id: ReviewId; weight: number }[]
}

/**
 * Compares the possible matches between groups with those that are open. A possible match between two persons keeps the pair of records it was
 * opened with, so that a steward's page stays what it was; and nobody is asked about two persons of whom a pair was decided.
 */
export function reviewChanges(
  possibleMatches: readonly PossibleMatch[],
  open: readonly OpenReview[],
  groups: readonly (readonly Member[])[],
  decided: ReadonlySet<string>,
): ReviewChanges {
  const groupOf = new Map<Index, number>()
  for (const [at, group] of groups.entries()) for (const { key } of group) groupOf.set(key, at)
  const betweenOf = (a: Index, b: Index) => [groupOf.get(a), groupOf.get(b)].sort().join()
  const settled = new Set<string>()
  for (const pair of decided) settled.add(betweenOf(pair.slice(0, 32), pair.slice(32)))
  const wanted = new Map<string, PossibleMatch>()
  for (const possible of possibleMatches) {
    const between = betweenOf(possible.a, possible.b)
    if (!settled.has(between)) wanted.set(between, possible)
  }
  const changes: ReviewChanges = { opened: [], dropped: [], weighed: [] }
  const met = new Set<ReviewId>()
  for (const { id, a, b, weight } of open) {
    // Of a person who was not looked at nothing is known.
    if (met.has(id) || !groupOf.has(a) || !groupOf.has(b)) continue
    met.add(id)
    const between = betweenOf(a, b)
    const possible = wanted.get(between)
    if (possible === undefined) changes.dropped.push(id)
    else if (Math.abs(possible.weight - weight) > 0.01) changes.weighed.push({ id, weight: possible.weight })
    wanted.delete(between)
  }
  changes.opened.push(...wanted.values())
  return changes
}
