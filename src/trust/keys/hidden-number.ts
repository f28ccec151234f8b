import type { IndexWrap } from './index-wrap.ts'
import { type Block64, decipher, digitsOf, encipher, roundKeys, turnDigits } from './xtea.ts'

/**
 * Numbers of 16 digits as 8 bytes that say nothing without a key, in 16 hexadecimal digits. `wrap` and `unwrap` are for who hides them
 * under another key, whatever they are.
 */
export type HiddenNumbers = IndexWrap & {
  hide(number: string): string
  /** The number again; undefined for what was hidden under another key. */
  show(hidden: string): string | undefined
}

// A text that no record has: its index, as that of a name, is the key, which so moves with the index key.
const KEY_TEXT = 'key of hidden numbers|'
const HALF = 8
const HALF_END = 10 ** HALF

/**
 * Hides numbers by XTEA under a key that `indexText` makes. Equal numbers are equal when hidden, as their blind indexes are. A number
 * fills each half of a block to less than a fortieth, so what was hidden under another key is seen with all but one in 1,800.
 */
export function hiddenNumbers(indexText: (purpose: 'name', text: string) => string): HiddenNumbers {
  const rounds = roundKeys(Buffer.from(indexText('name', KEY_TEXT), 'hex'))
  const block: Block64 = new Int32Array(2)
  const wrap = (plain: string) => turnDigits(plain, rounds, encipher, block)
  const unwrap = (hidden: string) => turnDigits(hidden, rounds, decipher, block)
  return {
    wrap,
    unwrap,
    hide: (number) => wrap(digitsOf(Number(number.slice(0, HALF))) + digitsOf(Number(number.slice(HALF)))),
    show(hidden) {
      const plain = unwrap(hidden)
      const halves = [plain.slice(0, HALF), plain.slice(HALF)].map((digits) => Number.parseInt(digits, 16))
      if (halves.some((half) => half >= HALF_END)) return undefined
      return halves.map((half) => String(half).padStart(HALF, '0')).join('')
    },
  }
}
