/** The data of `canonical/placeholders.yaml`. */
type Lists = Partial<Record<'values' | 'names' | 'unproven' | 'spelled', readonly string[]>>

/** Recognizes what is written where nothing is known. */
export type Placeholders = {
  /** Of no value, in a text or a key. */
  isValue(text: string): boolean
  /** Nobody's name, as written. */
  isName(name: string): boolean
  /** A placeholder that is also the name of real people; capitals. */
  isUnproven(name: string): boolean
}

export function readPlaceholders(data: unknown): Placeholders {
  const { values = [], names = [], unproven = [], spelled = [] } = (data ?? {}) as Lists
  const isWord = finder(names)
  return {
    isValue: finder(values),
    isName: (name) => isWord(name) || spelled.includes(name),
    isUnproven: finder(unproven),
  }
}

/** Hardly any text is as short as a placeholder and begins like one; only those are looked up. */
function finder(words: readonly string[]): (text: string) => boolean {
  const known = new Set(words.map(fold))
  const longest = Math.max(0, ...words.map((word) => word.length)) + MOST_SIGNS
  const beginnings = new Uint8Array(BEGINNINGS)
  for (const word of known) beginnings[beginningOf(word)] = 1
  return (text) => {
    if (text.length > longest) return false
    const first = text.charCodeAt(0)
    if (first >= ZERO && first <= NINE) return false
    if (isLetter(first) && beginnings[beginningOf(text)] === 0) return false
    return known.has(fold(text))
  }
}

const MOST_SIGNS = 4
const ZERO = 48
const NINE = 57
const CAPITAL = 0xdf
const BEGINNINGS = 1024

/** A number for the first two letters of a word. */
function beginningOf(word: string): number {
  const second = word.charCodeAt(1)
  return ((word.charCodeAt(0) & CAPITAL) * 32 + (isLetter(second) ? second & CAPITAL : 0)) & (BEGINNINGS - 1)
}

function isLetter(char: number): boolean {
  return (char >= 65 && char <= 90) || (char >= 97 && char <= 122)
}

/** In capitals, signs but a slash inside made blanks: `#N/A`, `<null>` and `Mr. X` are those without signs. */
function fold(text: string): string {
  return text
    .toUpperCase()
    .replace(/[^\p{L}\p{N}/]+/gu, ' ')
    .trim()
}
