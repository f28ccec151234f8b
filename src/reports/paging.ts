import Type from 'typebox'

/** Query strings are text: a number in one is a pattern, since nothing is coerced. */
export function limitSchema(standard: number, max: number) {
  return Type.String({
    pattern: '^[1-9][0-9]{0,5}$',
    description: `how many, ${standard} by default, ${max} at most`,
    examples: [String(standard)],
  })
}

/** The page size asked for, within what is allowed. */
export function limitOf(text: string | undefined, standard: number, max: number): number {
  return Math.min(text === undefined ? standard : Number(text), max)
}

/** Where a page of findings ended: the chunk's first line, the stage's place in the order, findings taken of its report. */
export type FindingCursor = { firstLine: number; stage: number; taken: number }

/** The pattern of a cursor as text. */
export const FINDING_CURSOR = '^[0-9]{1,10}\\.[0-2]\\.[0-9]{1,9}$'

/** A cursor as text, for `next`. */
export function formatCursor({ firstLine, stage, taken }: FindingCursor): string {
  return `${firstLine}.${stage}.${taken}`
}

/** The cursor of a text that fits the pattern; the beginning without one. */
export function parseCursor(text: string | undefined): FindingCursor {
  const [firstLine = 0, stage = 0, taken = 0] = (text ?? '').split('.').map(Number)
  return { firstLine, stage, taken }
}
