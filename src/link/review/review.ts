import type { ReviewId } from '../../domain/ids.ts'
import type { Index } from '../subjects/subject.ts'

/** A possible match: two source records, by their key indexes, that may be one person. */
export type Review = {
  id: ReviewId
  a: Index
  b: Index
  weight: number
  model: string
  state: 'open' | 'decided'
  openedAt: Date
  laterAt: Date | null
  /** What the first steward said, where two are needed. */
  opinion: Opinion | null
  opinionBy: string | null
  opinionReason: string | null
  decision: Opinion | null
  decidedBy: string | null
  reason: string | null
  decidedAt: Date | null
}

export type Opinion = 'same' | 'different'

/** An open possible match, as far as linking needs it. */
export type OpenReview = Pick<Review, 'id' | 'a' | 'b' | 'weight'>
