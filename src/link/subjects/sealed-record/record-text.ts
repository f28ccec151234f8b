import { DICTIONARY } from './dictionary.ts'

// JSON writes no control character as it is, so one begins what stands for a text of the dictionary; a visible one follows.
const FIRST = 0x01
const SECOND = 0x21
const SECONDS = 0x7e - SECOND + 1
// biome-ignore lint/suspicious/noControlCharactersInRegex: JSON has none as it is, which is what makes them signs
const SIGN = /[\x01-\x1f][\x21-\x7e]/g

const texts = new Map(
  DICTIONARY.map((text, place) => [String.fromCharCode(signAt(place) >> 8, signAt(place) & 0xff), text]),
)
const tree = treeOf(DICTIONARY)

/**
 * The JSON of a record as it is kept, in UTF-8: what records repeat is written as two bytes, which halves it. Any text without control
 * characters comes back from `readRecordText` as it was. It goes through the bytes once: a regular expression takes nearly twice as long.
 */
export function writeRecordText(json: string): Buffer {
  const { steps, follows, width, columns, places } = tree
  const bytes = Buffer.from(json)
  const { length } = bytes
  let to = 0
  let at = 0
  while (at < length) {
    let node = steps[columns[bytes[at] as number] as number] as number
    let place = -1
    let end = at
    for (let next = at + 1; node !== 0; next++) {
      const ending = places[node] as number
      if (ending !== -1) {
        place = ending
        end = next
      }
      if (next === length) break
      const byte = bytes[next] as number
      node = follows[node] === byte ? node + 1 : (steps[node * width + (columns[byte] as number)] as number)
    }
    if (place === -1) {
      bytes[to] = bytes[at] as number
      to += 1
      at += 1
    } else {
      // What stands for a text is shorter, so it is written where the text was read.
      bytes[to] = signAt(place) >> 8
      bytes[to + 1] = signAt(place) & 0xff
      to += 2
      at = end
    }
  }
  return bytes.subarray(0, to)
}

/** The reverse of `writeRecordText`. Records that were kept before it hold no sign, and are what they say. */
export function readRecordText(kept: string): string {
  return kept.replace(SIGN, (sign) => texts.get(sign) ?? sign)
}

/** The two bytes that stand for a text, as one number. */
function signAt(place: number): number {
  return ((FIRST + Math.floor(place / SECONDS)) << 8) | (SECOND + (place % SECONDS))
}

/**
 * The texts as a tree of their bytes. From node n a byte leads to `steps[n * width + columns[byte]]`, which is n + 1 for the byte that
 * `follows` it, as nearly always; 0 is the root, and where no text goes on. `places` says which text ends at a node, -1 for none.
 */
function treeOf(dictionary: readonly string[]) {
  const known = [...new Set(Buffer.from(dictionary.join('')))]
  const columns = new Uint8Array(256)
  for (const [column, byte] of known.entries()) columns[byte] = column + 1
  const width = known.length + 1
  const most = dictionary.reduce((sum, text) => sum + text.length, 1)
  const steps = new Uint16Array(most * width)
  const follows = new Uint8Array(most)
  const places = new Int16Array(most).fill(-1)
  let last = 0
  for (const [place, text] of dictionary.entries()) {
    let node = 0
    for (const byte of Buffer.from(text)) {
      const step = node * width + (columns[byte] as number)
      if (steps[step] === 0) {
        steps[step] = ++last
        if (last === node + 1) follows[node] = byte
      }
      node = steps[step] as number
    }
    places[node] = place
  }
  return { steps, follows, width, columns, places }
}
