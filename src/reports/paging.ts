/** Where a page of findings ended: the chunk's first line, the stage's place in the order, findings taken of its report. */
export type FindingCursor = { firstLine: number; stage: number; taken: number }

/** The pattern of a cursor as text. PostgreSQL counts lines in 31 bits; the pattern ends somewhat before that. */
export const FINDING_CURSOR = '^(?:[0-9]{1,9}|1[0-9]{9}|20[0-9]{8})\\.[0-2]\\.[0-9]{1,9}$'

/** A cursor as text, for `next`. */
export function formatCursor({ firstLine, stage, taken }: FindingCursor): string {
  return `${firstLine}.${stage}.${taken}`
}

/** The cursor of a text that fits the pattern; the beginning without one. */
export function parseCursor(text: string | undefined): FindingCursor {
  const [firstLine = 0, stage = 0, taken = 0] = (text ?? '').split('.').map(Number)
  return { firstLine, stage, taken }
}
