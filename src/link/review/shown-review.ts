import type { SubjectId } from '../../domain/ids.ts'
import type { KeptRecord } from '../compare/features.ts'
import type { Override } from '../score/overrides.ts'
import type { Review } from './review.ts'

/** A source record as a steward sees it: the only place where it is shown. */
export type ShownRecord = {
  platform: string
  dataset: string
  person: SubjectId
  record: KeptRecord
}

/** How one field agrees: `level` is one of the names in compare.ts, `weight` its match weight. */
export type ShownField = { field: string; level: string; weight: number }

/** A possible match with its two records; a record that was erased meanwhile is null. */
export type ShownReview = {
  review: Review
  records: [ShownRecord | null, ShownRecord | null]
  fields: ShownField[]
  /** The match weight by the present model and the present contents, prior included. */
  score: number | null
  /** The rule that keeps them apart however high the score is. */
  override: Override | null
}
