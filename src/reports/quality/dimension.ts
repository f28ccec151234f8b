/** The dimensions that a finding may speak of (Satu Data Indonesia's and ISO 25012's words); timeliness is told from days, not from findings. */
export const DIMENSIONS = ['completeness', 'validity', 'uniqueness', 'consistency'] as const
export type Dimension = (typeof DIMENSIONS)[number]

// The first that fits decides. Rules of the rule book end in what they test: ISI is filled, LEWAT skipped, NILAI of a list or span.
const PATTERNS: readonly (readonly [RegExp, Dimension])[] = [
  [/-(ISI|LEWAT)$|-missing$|^value-placeholder$|-filler$|^lookup-without-file$/, 'completeness'],
  [/twice|doubled|reused|shared|duplicate|same-|repeated|two-heads/, 'uniqueness'],
  [/-NILAI$/, 'validity'],
  [/contradict|differs|conflict|older|superseded|out-of-scope|^[A-Z]/, 'consistency'],
]

/** What a code of a finding says of the data; what nothing else fits is a matter of single values. */
export function dimensionOf(code: string): Dimension {
  return PATTERNS.find(([pattern]) => pattern.test(code))?.[1] ?? 'validity'
}
