import { createHmac } from 'node:crypto'
import type { RawEntry } from '../../domain/entry.ts'
import type { Outcome } from '../../domain/states.ts'
import { leafHash } from '../../trust/tree/merkle.ts'

/** One letter for each outcome; `x` is a rejected entry whose text could not be read, so that nothing binds it to its bytes. */
export const LETTERS = { n: 'new', u: 'updated', s: 'unchanged', r: 'rejected', h: 'held', x: 'rejected' } as const
export type Letter = keyof typeof LETTERS

/** The letter of an outcome. */
export function letterOf(outcome: Outcome, isRead: boolean): Letter {
  if (!isRead) return 'x'
  return (Object.keys(LETTERS) as Letter[]).find((letter) => LETTERS[letter] === outcome) as Letter
}

/** Tells a letter from any other text. */
export function isLetter(text: string): text is Letter {
  return Object.hasOwn(LETTERS, text)
}

/** The salt of one entry: whoever is shown one proof learns the salt of no other entry, and cannot guess what it holds. */
export function saltOf(secret: Buffer, line: number): Buffer {
  return createHmac('sha256', secret).update(String(line)).digest()
}

/** The salted digest of an entry's text: a JSON text as it was pushed, or the cells of a CSV row as a JSON array of texts. */
export function digestOf(salt: Buffer, { text }: Pick<RawEntry, 'text'>): Buffer {
  return createHmac('sha256', salt).update(text).digest()
}

/** What the leaf of an entry says, without a personal value; `digest` is left out where the entry could not be read. */
export type Leaf = { batch: string; line: number; letter: Letter; digest: Buffer | undefined }

/** The hash of an entry's leaf: five lines, each with its newline: `titian-receipt/1`, batch, line, outcome, digest or `-`. */
export function hashOfLeaf({ batch, line, letter, digest }: Leaf): Buffer {
  const text = letter === 'x' ? '-' : (digest?.toString('base64') ?? '-')
  return leafHash(Buffer.from(`titian-receipt/1\n${batch}\n${line}\n${LETTERS[letter]}\n${text}\n`))
}
