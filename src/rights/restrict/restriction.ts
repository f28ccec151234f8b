import type { BatchId, RestrictionId, SubjectId } from '../../domain/ids.ts'

/**
 * `asked` by one steward, then `held` since another has confirmed it, or `declined`. `lifting` since its lifting is asked for, `lifted`
 * when somebody else than asked for that has confirmed it.
 */
export const RESTRICTION_STATES = ['asked', 'declined', 'held', 'lifting', 'lifted'] as const
export type RestrictionState = (typeof RESTRICTION_STATES)[number]

/** The restriction of the use of a person's data, as it is stored. */
export type Restriction = {
  id: RestrictionId
  subject: SubjectId
  state: RestrictionState
  /** When the person asked for it. */
  receivedAt: Date
  askedBy: string
  askedAt: Date
  confirmedBy: string | null
  confirmedAt: Date | null
  /** Sealed, while it is held. */
  known: Buffer | null
  liftAskedBy: string | null
  liftAskedAt: Date | null
  liftedBy: string | null
  liftedAt: Date | null
  /** The batches by which BPS is told. */
  batches: BatchId[]
}
