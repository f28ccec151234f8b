import { type Block64, decipher, encipher, roundKeys } from './xtea.ts'

/** Numbers of 16 digits as 8 bytes that say nothing without a key, as 16 hexadecimal digits. */
export type HiddenNumbers = {
  hide(number: string): string
  /** The number again; undefined for what was hidden under another key. */
  show(hidden: string): string | undefined
  /** The two halves that are hidden, whatever they are, for who hides them under another key. */
  halves(hidden: string): [number, number]
  hideHalves(halves: readonly [number, number]): string
}

/** A text that no record has: the index of it, as a name, is the key. So it moves with the index key. */
export const NUMBER_KEY_TEXT = 'key of hidden numbers|'

const HALF = 8
const HALF_END = 10 ** HALF
const KEY_BYTES = 16

/**
 * Hides numbers by XTEA under a key of 32 hexadecimal digits. Equal numbers are equal when hidden, as their blind indexes are. A number
 * fills each half of a block to less than a fortieth, so what was hidden under another key is seen with all but one in 1,800.
 */
export function hiddenNumbers(key: string): HiddenNumbers {
  const rounds = roundKeys(Buffer.from(key, 'hex').subarray(0, KEY_BYTES))
  const block: Block64 = new Int32Array(2)
  const halves = (hidden: string): [number, number] => {
    block[0] = Number.parseInt(hidden.slice(0, HALF), 16)
    block[1] = Number.parseInt(hidden.slice(HALF), 16)
    decipher(block, rounds)
    const [high = 0, low = 0] = block
    return [high >>> 0, low >>> 0]
  }
  const hideHalves = ([high, low]: readonly [number, number]) => {
    block[0] = high
    block[1] = low
    encipher(block, rounds)
    return digitsOf(block[0]) + digitsOf(block[1])
  }
  return {
    hide: (number) => hideHalves([Number(number.slice(0, HALF)), Number(number.slice(HALF))]),
    show(hidden) {
      const [high, low] = halves(hidden)
      if (high >= HALF_END || low >= HALF_END) return undefined
      return String(high).padStart(HALF, '0') + String(low).padStart(HALF, '0')
    },
    halves,
    hideHalves,
  }
}

function digitsOf(half: number): string {
  return (half >>> 0).toString(16).padStart(HALF, '0')
}
