import type { Db } from '../../io/postgres/postgres.ts'
import { decidedReviews, openReviews, readReview } from './review.sql.ts'
import type { Review } from './review.ts'

/** One page of reviews in one state (those decided: `by` one steward, if one is named), and the id to go on after; null at the end. */
export async function pageReviews(
  db: Db,
  {
    state,
    after,
    limit,
    by,
  }: { state: Review['state']; after: string | undefined; limit: number; by?: string | undefined },
): Promise<{ reviews: Review[]; next: string | null }> {
  const found =
    state === 'decided'
      ? await decidedReviews(db, { limit: limit + 1, after, by })
      : // Its place among those that were put off is asked anew, so that a cursor is an id and nothing else.
        await openReviews(db, {
          limit: limit + 1,
          after: after === undefined ? undefined : await readReview(db, after),
        })
  const reviews = found.slice(0, limit)
  return {
    reviews,
    next: found.length > limit ? (reviews.at(-1)?.id ?? null) : null,
  }
}
