import type { Dice } from './dice.ts'

const PAIRS: readonly (readonly [string, string])[] = [
  ['RISA', 'RISKA'],
  ['RIAN', 'RIYAN'],
  ['HASAN', 'HUSEN'],
  ['DEVI', 'DEWI'],
  ['RANI', 'RINI'],
  ['FAHRI', 'FAHMI'],
  ['AYU', 'AYI'],
  ['DIKI', 'DIKA'],
  ['NAILA', 'NABILA'],
  ['ALDI', 'ALDO'],
  ['SANTI', 'SINTA'],
  ['ZAHRA', 'ZAHIRA'],
]
const VOWELS = 'AIUEO'

/** A name as parents give it to the second of two: one word is other, often in a letter or two. */
export function namesakeOf(name: string, dice: Dice): { first: string; second: string } {
  const words = name.split(' ')
  if (dice.happens(0.45)) {
    const [one, other] = dice.pick(PAIRS)
    const rest = words.length > 1 ? words.slice(1) : []
    return { first: [one, ...rest].join(' '), second: [other, ...rest].join(' ') }
  }
  const longest = words.toSorted((a, b) => b.length - a.length)[0] ?? name
  return { first: name, second: words.map((word) => (word === longest ? bent(word, dice) : word)).join(' ') }
}

/** The word with another last vowel, a consonant more, or a vowel inside changed. */
function bent(word: string, dice: Dice): string {
  const last = word.at(-1) ?? ''
  if (VOWELS.includes(last)) return word.slice(0, -1) + dice.pick([...VOWELS].filter((vowel) => vowel !== last))
  const inside = [...word].findLastIndex((letter, at) => VOWELS.includes(letter) && at > 0)
  if (inside < 0) return `${word}I`
  const vowel = dice.pick([...VOWELS].filter((one) => one !== word[inside]))
  return word.slice(0, inside) + vowel + word.slice(inside + 1)
}
