import { DICTIONARY } from './dictionary.ts'

// JSON writes no control character as it is, so one begins what stands for a text of the dictionary; a visible one follows.
const FIRST = 0x01
const SECOND = 0x21
const SECONDS = 0x7e - SECOND + 1
// biome-ignore lint/suspicious/noControlCharactersInRegex: JSON has none as it is, which is what makes them signs
const SIGN = /[\x01-\x1f][\x21-\x7e]/g
const REPEATED = new RegExp(
  DICTIONARY.toSorted((a, b) => b.length - a.length)
    .map(RegExp.escape)
    .join('|'),
  'g',
)

const signs = new Map(DICTIONARY.map((text, place) => [text, signAt(place)]))
const texts = new Map(DICTIONARY.map((text, place) => [signAt(place), text]))

/**
 * The JSON of a record as it is kept: what records repeat is written as two characters, which is half of their bytes. Any text without
 * control characters comes back from `readRecordText` as it was.
 */
export function writeRecordText(json: string): string {
  return json.replace(REPEATED, (text) => signs.get(text) ?? text)
}

/** The reverse of `writeRecordText`. Records that were kept before it hold no sign, and are what they say. */
export function readRecordText(kept: string): string {
  return kept.replace(SIGN, (sign) => texts.get(sign) ?? sign)
}

function signAt(place: number): string {
  return String.fromCharCode(FIRST + Math.floor(place / SECONDS), SECOND + (place % SECONDS))
}
