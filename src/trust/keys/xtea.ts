/** A permutation of 64 bits, as two halves of 32 bits each; it writes into the pair that it is given. */
export type Block64 = Int32Array<ArrayBuffer>

const CYCLES = 32
const HALF = 8
const DELTA = 0x9e3779b9

/**
 * The two round keys of each cycle of XTEA (Needham and Wheeler, 1997), from a key of 16 bytes. A cipher of 64 bits is wanted: a
 * blocking key has no more.
 */
export function roundKeys(key: Buffer): Int32Array<ArrayBuffer> {
  const rounds = new Int32Array(2 * CYCLES)
  let sum = 0
  for (let cycle = 0; cycle < CYCLES; cycle++) {
    rounds[2 * cycle] = sum + key.readInt32BE(4 * (sum & 3))
    sum = (sum + DELTA) | 0
    rounds[2 * cycle + 1] = sum + key.readInt32BE(4 * ((sum >>> 11) & 3))
  }
  return rounds
}

/** Encrypts a block in place. */
export function encipher(block: Block64, rounds: Int32Array): void {
  let [a = 0, b = 0] = block
  for (let at = 0; at < rounds.length; at += 2) {
    a = (a + ((((b << 4) ^ (b >>> 5)) + b) ^ (rounds[at] as number))) | 0
    b = (b + ((((a << 4) ^ (a >>> 5)) + a) ^ (rounds[at + 1] as number))) | 0
  }
  block[0] = a
  block[1] = b
}

/** Decrypts a block in place. */
export function decipher(block: Block64, rounds: Int32Array): void {
  let [a = 0, b = 0] = block
  for (let at = rounds.length - 2; at >= 0; at -= 2) {
    b = (b - ((((a << 4) ^ (a >>> 5)) + a) ^ (rounds[at + 1] as number))) | 0
    a = (a - ((((b << 4) ^ (b >>> 5)) + b) ^ (rounds[at] as number))) | 0
  }
  block[0] = a
  block[1] = b
}

/** Turns a block that is written as 16 hexadecimal digits. */
export function turnDigits(digits: string, rounds: Int32Array, turn: typeof encipher, block: Block64): string {
  block[0] = Number.parseInt(digits.slice(0, HALF), 16)
  block[1] = Number.parseInt(digits.slice(HALF), 16)
  turn(block, rounds)
  return digitsOf(block[0]) + digitsOf(block[1])
}

/** 32 bits as 8 hexadecimal digits. */
export function digitsOf(half: number): string {
  return (half >>> 0).toString(16).padStart(HALF, '0')
}
