import type { RequestId } from '../../domain/ids.ts'

/**
 * `open` until the source sends the record with another value in each field that is to be corrected (`corrected`), takes it back
 * (`withdrawn`), or says that it is right as it is (`kept`).
 */
export const CORRECTION_STATES = ['open', 'corrected', 'withdrawn', 'kept'] as const
export type CorrectionState = (typeof CORRECTION_STATES)[number]

/** What a person asks to be corrected: canonical variables of persons, and what the person says of them. */
export type CorrectionWish = { fields: string[]; statement: string; platform: string | null }

/** What a platform is told of a record: its own key, and what is said of which field; the values are the record's as they were. */
export type CorrectionSaid = {
  key: string
  fields: Record<string, string | number>
  statement: string
}

/** A task of a platform, as it is stored. */
export type CorrectionTask = {
  id: `cor_${string}`
  request: RequestId
  platform: string
  dataset: string
  recordIndex: string
  content: string
  state: CorrectionState
  dueAt: Date
  said: Buffer | null
  openedAt: Date
  closedAt: Date | null
}

/** Whether a record now says something else in every field that is to be corrected; a field that it states no more is something else. */
export function isCorrected(
  { fields }: Pick<CorrectionSaid, 'fields'>,
  now: Readonly<Record<string, string | number>>,
): boolean {
  return Object.entries(fields).every(([field, value]) => now[field] !== value)
}
