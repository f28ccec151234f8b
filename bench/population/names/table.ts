/** Name words of a people, the commonest first; `old` were given until about 1975, `young` since. */
export type NameTable = {
  /** Names that stand alone. */
  alone: Words
  first: Words
  last: Words
  /** Shares of one-word and of three-word names. */
  shares: Record<Age, { alone: number; long: number }>
  /** Words that come before both, and how often. */
  before: { male: string[]; female: string[]; share: number }
}
type Age = 'old' | 'young'
type Words = Record<Age, Record<'male' | 'female', string[]>>

/** Words of a text. */
export const words = (text: string): string[] => text.trim().split(/\s+/)
