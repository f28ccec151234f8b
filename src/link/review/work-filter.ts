import type { Override } from '../score/overrides.ts'
import type { ShownReview } from './shown-review.ts'

/** What a steward looks for; what is left out is not asked. */
export type WorkFilter = {
  platform?: string | undefined
  /** A BPS code, or the beginning of one, of the place of one of the two records. */
  region?: string | undefined
  /** The rule that keeps the two apart, or `none`. */
  rule?: Override | 'none' | undefined
  /** Asked at this moment or before. */
  askedBefore?: Date | undefined
  /** Decided by this client. */
  by?: string | undefined
}

/** A possible match without anything about the two persons: where they are from, how they agree, and the rule. */
export type ListedReview = Pick<ShownReview, 'review' | 'fields' | 'override'> & { platforms: string[] }
