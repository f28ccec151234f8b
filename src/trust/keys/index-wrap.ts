import { type Block64, decipher, encipher, roundKeys, turnDigits } from './xtea.ts'

/**
 * What an index key does: it turns a keyed hash into the index that is stored, and back. Each is 16 bytes as hexadecimal digits; of a
 * blocking key, their first half alone, 8 bytes.
 */
export type IndexWrap = { wrap(plain: string): string; unwrap(index: string): string }

const HALF = 16

/** What the first index key does: the keyed hash itself is stored. */
export const UNWRAPPED: IndexWrap = { wrap: (plain) => plain, unwrap: (index) => index }

/**
 * Encrypts the halves of a keyed hash, each under 16 of the 32 bytes of a key. As a permutation it can be taken off again, so that a
 * rotation needs the stored index only: not the value, which may be gone. And a blocking key stays the first half of an index.
 */
export function wrapUnder(key: Buffer): IndexWrap {
  const rounds = [roundKeys(key.subarray(0, 16)), roundKeys(key.subarray(16))]
  const block: Block64 = new Int32Array(2)
  const each = (hex: string, turn: typeof encipher) => {
    let turned = ''
    for (let at = 0; at < hex.length; at += HALF)
      turned += turnDigits(hex.slice(at, at + HALF), rounds[at / HALF] as Int32Array, turn, block)
    return turned
  }
  return { wrap: (plain) => each(plain, encipher), unwrap: (index) => each(index, decipher) }
}
