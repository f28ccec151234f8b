import { ABBREVIATED, AFTER_NAMES, BEFORE_NAMES, CHILD_OF, LATE } from './name-words.ts'

/** A name made comparable: spelling of today, no titles, one letter for letters that sound alike. */
export type FoldedName = {
  words: string[]
  /** Name of the father after bin or binti, folded; it is no part of the name. */
  father: string[]
  /** Marked as deceased (almarhum). */
  isLate: boolean
}

/** Folds a name as it stands in a register. */
export function foldName(name: string): FoldedName {
  const tokens = tokensOf(name)
  const isLate = tokens.some((token) => LATE.has(token))
  const words = withoutTitles(tokens.filter((token) => !LATE.has(token)))
  const cut = words.findIndex((word, at) => at > 0 && CHILD_OF.has(word))
  const own = cut < 0 ? words : words.slice(0, cut)
  const father = cut < 0 ? [] : words.slice(cut + 1)
  return { words: own.flatMap(foldAt), father: father.flatMap(foldAt), isLate }
}

// What any of the steps of folding looks for; most words have nothing of it, and one look is cheaper than twelve.
const FOLDED = /OE|DJ|TJ|NJ|SCH|S[JHY]|[CKDTP]H|[QFVZY]|IE|(.)\1/

/** One word in folded letters, doubled letters once. */
function foldWord(word: string): string {
  if (!FOLDED.test(word)) return word
  return word
    .replaceAll('OE', 'U')
    .replaceAll('DJ', 'J')
    .replaceAll('TJ', 'C')
    .replaceAll('NJ', 'NY')
    .replace(/SCH|SJ|SH|SY/g, 'S')
    .replace(/CH|KH|Q/g, 'K')
    .replaceAll('DH', 'D')
    .replaceAll('TH', 'T')
    .replace(/PH|F|V/g, 'P')
    .replaceAll('Z', 'S')
    .replaceAll('Y', 'I')
    .replaceAll('IE', 'I')
    .replace(/(.)\1+/g, '$1')
}

const PLAIN = /^[A-Z]+(?: [A-Z]+)*$/

/** Upper case without accents; full stops inside a degree vanish (S.Pd.I), all other signs part words. */
function tokensOf(name: string): string[] {
  // Nearly all names of registers: nothing to take out or to part but spaces.
  if (PLAIN.test(name)) return name.split(' ').map(presentSpelling)
  const plain = name
    .normalize('NFKD')
    .replace(/\p{M}/gu, '')
    .toUpperCase()
    .replace(/['’‘`]/g, '')
  const tokens: string[] = []
  for (const piece of plain.split(/[\s,;/()"]+/)) {
    const solid = piece.replaceAll('.', '')
    if (piece !== solid && AFTER_NAMES.has(solid)) tokens.push(solid)
    else for (const word of piece.split(/[^\p{L}\p{N}]+/u)) if (word !== '') tokens.push(presentSpelling(word))
  }
  return tokens
}

/** Before 1972 J was today's Y: a word that shows the old spelling elsewhere (OE, DJ, TJ, SJ, NJ) means it so. */
function presentSpelling(word: string): string {
  return /OE|DJ|TJ|SJ|NJ/.test(word) ? word.replace(/(?<![DTSN])J(?=[AEIOU])/g, 'Y') : word
}

/** A title is only what leaves a name behind. */
function withoutTitles(tokens: readonly string[]): string[] {
  let from = 0
  let to = tokens.length
  while (from < to - 1 && BEFORE_NAMES.has(tokens[from] ?? '')) from += 1
  while (from < to - 1 && AFTER_NAMES.has(tokens[to - 1] ?? '')) to -= 1
  return tokens.slice(from, to)
}

function foldAt(word: string, at: number, words: readonly string[]): string[] {
  // A bare M is Muhammad only before another word; alone or last it is an initial.
  if (word === 'M' && at === 0 && words.length > 1) return ['MUHAMAD']
  return (ABBREVIATED.get(word) ?? word).split(' ').map(foldWord)
}
