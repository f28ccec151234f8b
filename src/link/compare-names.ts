import { BIRTH_ORDER } from './name-words.ts'

const VOWELS = new Set('AEIOU')

/** How two names agree, from `apart` up; `words` are those of the shorter name that were found in the longer one. */
export type NameAgreement = { level: NameLevel; words: string[] }

export const NAME_LEVELS = ['apart', 'some', 'ending', 'close', 'compatible', 'sound', 'equal'] as const
export type NameLevel = (typeof NAME_LEVELS)[number]

/** Compares the folded words of two names. A conflicting Balinese birth-order word parts brothers whatever else agrees. */
export function compareNames(a: readonly string[], b: readonly string[]): NameAgreement {
  const words = a.length <= b.length ? [...a] : [...b]
  if (a.join('') === b.join('') || sortedText(a) === sortedText(b)) return { level: 'equal', words }
  if (doBirthOrdersConflict(a, b)) return { level: 'apart', words: [] }
  const soundsA = a.map(soundOf)
  const soundsB = b.map(soundOf)
  if (soundsA.join('') === soundsB.join('') || sortedText(soundsA) === sortedText(soundsB))
    return { level: 'sound', words }
  return a.length <= b.length ? pair(a, b) : pair(b, a)
}

/** Pairs each word of the shorter name with one of the longer, the surest first. */
function pair(shorter: readonly string[], longer: readonly string[]): NameAgreement {
  const left = [...longer]
  const open: string[] = []
  const words: string[] = []
  for (const word of shorter) if (!take(left, (other) => other === word, words, word)) open.push(word)
  const typed: string[] = []
  let isOtherEnding = false
  for (const word of open) {
    if (take(left, (other) => soundOf(other) === soundOf(word), words, word)) continue
    const isLast = word === shorter.at(-1)
    const isShortHere = (other: string) => isShort(word, other, isLast, other === longer.at(-1))
    const short = left.find(isShortHere)
    if (short !== undefined && take(left, isShortHere, words, short.length < word.length ? short : word)) continue
    if (take(left, (other) => isTyped(word, other), typed, word)) continue
    if (take(left, (other) => hasOtherEnding(word, other), typed, word)) {
      isOtherEnding = true
      continue
    }
    return words.length > 0 || typed.length > 0
      ? { level: 'some', words: [...words, ...typed] }
      : { level: 'apart', words: [] }
  }
  if (isOtherEnding) return { level: 'ending', words: [...words, ...typed] }
  return { level: typed.length > 0 ? 'close' : 'compatible', words: [...words, ...typed] }
}

function take(left: string[], fits: (other: string) => boolean, into: string[], word: string): boolean {
  const at = left.findIndex(fits)
  if (at < 0) return false
  left.splice(at, 1)
  into.push(word)
  return true
}

/** An initial, or a last word that was cut off. */
function isShort(a: string, b: string, isLastOfA: boolean, isLastOfB: boolean): boolean {
  if (a.length === 1 || (isLastOfA && a.length < b.length)) return b.startsWith(a)
  return (b.length === 1 || (isLastOfB && b.length < a.length)) && a.startsWith(b)
}

/** One typing error: a letter more, less, other or two exchanged; in a long word two. */
function isTyped(a: string, b: string): boolean {
  if (a.length < 3 || b.length < 3 || hasOtherEnding(a, b)) return false
  return editDistance(a, b) <= (Math.min(a.length, b.length) >= 8 ? 2 : 1)
}

/** The last vowel decides: Sutrisno and Sutrisna are two people, often of two sexes (domain/names.md, section 4). */
function hasOtherEnding(a: string, b: string): boolean {
  return a.length > 2 && a.slice(0, -1) === b.slice(0, -1) && VOWELS.has(a.at(-1) ?? '') && VOWELS.has(b.at(-1) ?? '')
}

/** Optimal string alignment distance: insert, delete, replace, exchange neighbours. */
export function editDistance(a: string, b: string): number {
  let before: number[] = []
  let previous = Array.from({ length: b.length + 1 }, (_, j) => j)
  for (let i = 1; i <= a.length; i++) {
    const row = [i]
    for (let j = 1; j <= b.length; j++) {
      const same = a[i - 1] === b[j - 1]
      let cost = Math.min((previous[j] ?? 0) + 1, (row[j - 1] ?? 0) + 1, (previous[j - 1] ?? 0) + (same ? 0 : 1))
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1])
        cost = Math.min(cost, (before[j - 2] ?? 0) + 1)
      row.push(cost)
    }
    before = previous
    previous = row
  }
  return previous[b.length] ?? 0
}

function doBirthOrdersConflict(a: readonly string[], b: readonly string[]): boolean {
  const ordersA = new Set(a.flatMap((word) => BIRTH_ORDER.get(word) ?? []))
  const ordersB = new Set(b.flatMap((word) => BIRTH_ORDER.get(word) ?? []))
  if (ordersA.size === 0 || ordersB.size === 0) return false
  return ordersA.isDisjointFrom(ordersB)
}

/** A word as it sounds, carelessly: what spellings of one name differ in is gone (H, E, doubled letters, O for U, J for Y). */
export function soundOf(word: string): string {
  return word
    .replaceAll('H', '')
    .replaceAll('O', 'U')
    .replaceAll('J', 'I')
    .replace(/(?<=.)E/g, '')
    .replace(/(.)\1+/g, '$1')
}

function sortedText(words: readonly string[]): string {
  return [...words].sort().join(' ')
}
