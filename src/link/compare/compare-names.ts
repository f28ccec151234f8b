import { BIRTH_ORDER } from './name-words.ts'

const VOWELS = new Set('AEIOU')

/** How two names agree, from `apart` up; `words` are those of the shorter name that were found in the longer one. */
export type NameAgreement = { level: NameLevel; words: string[] }

export const NAME_LEVELS = ['apart', 'some', 'ending', 'close', 'compatible', 'sound', 'equal'] as const
export type NameLevel = (typeof NAME_LEVELS)[number]

/** Compares the folded words of two names. A conflicting Balinese birth-order word parts brothers whatever else agrees. */
export function compareNames(a: readonly string[], b: readonly string[]): NameAgreement {
  const words = isFirst(a, b) ? [...a] : [...b]
  if (a.join('') === b.join('') || sortedText(a) === sortedText(b)) return { level: 'equal', words }
  if (doBirthOrdersConflict(a, b)) return { level: 'apart', words: [] }
  const soundsA = a.map(soundOf)
  const soundsB = b.map(soundOf)
  if (soundsA.join('') === soundsB.join('') || sortedText(soundsA) === sortedText(soundsB))
    return { level: 'sound', words }
  return isFirst(a, b) ? pairWords(a, b) : pairWords(b, a)
}

/** The shorter name, and of two as long always the same one: who is compared with whom must not matter. */
function isFirst(a: readonly string[], b: readonly string[]): boolean {
  return a.length === b.length ? a.join(' ') < b.join(' ') : a.length < b.length
}

/** Pairs each word of the shorter name with one of the longer, the surest first: an initial, which fits many, last. */
function pairWords(shorter: readonly string[], longer: readonly string[]): NameAgreement {
  const left = [...longer]
  const words: string[] = []
  const typed: string[] = []
  let open = [...shorter]
  const takeAll = (into: string[], fits: (word: string, other: string) => boolean) => {
    open = open.filter((word) => {
      const at = left.findIndex((other) => fits(word, other))
      const [other] = at < 0 ? [] : left.splice(at, 1)
      if (other !== undefined) into.push(other.length < word.length && into === words ? other : word)
      return other === undefined
    })
  }
  const isShortHere = (word: string, other: string) =>
    isShort(word, other, word === shorter.at(-1), other === longer.at(-1))
  takeAll(words, (word, other) => other === word)
  takeAll(words, (word, other) => soundOf(other) === soundOf(word))
  takeAll(words, (word, other) => word.length > 1 && other.length > 1 && isShortHere(word, other))
  takeAll(typed, isTyped)
  const before = typed.length
  takeAll(typed, hasOtherEnding)
  const isOtherEnding = typed.length > before
  takeAll(words, isShortHere)
  const found = [...words, ...typed]
  if (open.length > 0) return found.length > 0 ? { level: 'some', words: found } : { level: 'apart', words: [] }
  if (isOtherEnding) return { level: 'ending', words: found }
  return { level: typed.length > 0 ? 'close' : 'compatible', words: found }
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

/** The last vowel decides: Sutrisno and Sutrisna are two people, often of two sexes. */
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
  // Letter by letter: five replacements take three times as long, and each word of a name is asked for several times.
  let sound = ''
  let last = ''
  let isFirst = true
  for (let at = 0; at < word.length; at++) {
    const given = word[at] ?? ''
    if (given === 'H') continue
    const letter = given === 'O' ? 'U' : given === 'J' ? 'I' : given
    const isMute = letter === 'E' && !isFirst
    isFirst = false
    if (isMute || letter === last) continue
    sound += letter
    last = letter
  }
  return sound
}

function sortedText(words: readonly string[]): string {
  return [...words].sort().join(' ')
}
