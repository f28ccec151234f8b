import type { KeyObject } from 'node:crypto'
import type { RawEntry } from '../../domain/entry.ts'
import type { Outcome } from '../../domain/states.ts'
import { parseCheckpoint } from '../../trust/tree/checkpoint.ts'
import { rootFromPath, TreeHasher } from '../../trust/tree/merkle.ts'
import { openNote } from '../../trust/tree/note.ts'
import { parseProof } from '../../trust/tree/tlog-proof.ts'
import { decodeExtra, type RecordExtra, type WholeExtra } from './extra.ts'
import { digestOf, hashOfLeaf, isLetter, LETTERS, letterOf, saltOf } from './leaf.ts'
import { batchOfOrigin } from './origin.ts'

/** A receipt whose signature and form hold; what it says of one's own data is still to be seen. */
export type OpenReceipt = {
  origin: string
  batch: string
  size: number
  root: Buffer
  index: number
  path: Buffer[]
  extra: WholeExtra | RecordExtra
}

/** Why a receipt is not believed. */
export type ReceiptFault =
  | 'form-unknown'
  | 'signature-wrong'
  | 'batch-other'
  | 'size-other'
  | 'record-missing'
  | 'root-other'

/** What a receipt proves of the data it was held against: of how many entries, with which outcomes, which of them unread. */
export type Proven = { entries: number; outcomes: Partial<Record<Outcome, number>>; unread: number }

/** Opens a receipt: the checkpoint is signed by one of the keys, and tree and extra data are of the same batch. */
export function openReceipt(text: string, keys: Iterable<KeyObject>): OpenReceipt | ReceiptFault {
  const proof = parseProof(text)
  const extra = proof && decodeExtra(proof.extra)
  if (proof === undefined || extra === undefined) return 'form-unknown'
  const name = proof.note.slice(0, proof.note.indexOf('\n'))
  const checkpoint = openNote(proof.note, name, keys)
  if (checkpoint === undefined) return 'signature-wrong'
  const head = parseCheckpoint(checkpoint)
  if (head === undefined) return 'form-unknown'
  if (batchOfOrigin(head.origin) !== extra.batch) return 'batch-other'
  return { ...head, batch: extra.batch, index: proof.index, path: proof.path, extra }
}

/** Holds a receipt against the entries of the file that was pushed, in order; memory stays flat. */
export async function verifyReceipt(
  receipt: OpenReceipt,
  entries: AsyncIterable<RawEntry>,
): Promise<Proven | ReceiptFault> {
  const { extra } = receipt
  return 'secret' in extra ? verifyWhole(receipt, extra, entries) : verifyRecord(receipt, extra, entries)
}

async function verifyWhole(
  { batch, size, root, index, path }: OpenReceipt,
  extra: WholeExtra,
  entries: AsyncIterable<RawEntry>,
): Promise<Proven | ReceiptFault> {
  if (extra.outcomes.length !== size) return 'size-other'
  const secret = Buffer.from(extra.secret, 'base64')
  const tree = new TreeHasher()
  const proven: Proven = { entries: 0, outcomes: {}, unread: 0 }
  let isPathRight = false
  for await (const entry of entries) {
    const letter = extra.outcomes[tree.size] ?? ''
    if (!isLetter(letter)) return 'size-other'
    const digest = letter === 'x' ? undefined : digestOf(saltOf(secret, entry.line), entry)
    const leaf = hashOfLeaf({ batch, line: entry.line, letter, digest })
    if (tree.size === index) isPathRight = rootFromPath(leaf, index, size, path)?.equals(root) ?? false
    tree.add(leaf)
    const outcome = LETTERS[letter]
    proven.entries += 1
    proven.outcomes[outcome] = (proven.outcomes[outcome] ?? 0) + 1
    if (letter === 'x') proven.unread += 1
  }
  if (tree.size !== size) return 'size-other'
  return tree.root().equals(root) && isPathRight ? proven : 'root-other'
}

async function verifyRecord(
  { batch, size, root, index, path }: OpenReceipt,
  { line, outcome, unread, salt }: RecordExtra,
  entries: AsyncIterable<RawEntry>,
): Promise<Proven | ReceiptFault> {
  const entry = await entryAt(entries, line)
  if (entry === undefined) return 'record-missing'
  const letter = letterOf(outcome, unread !== true)
  // What was not read was rejected: another word beside it would be believed without being part of the leaf.
  if (LETTERS[letter] !== outcome) return 'root-other'
  const digest = unread === true ? undefined : digestOf(Buffer.from(salt, 'base64'), entry)
  const leaf = hashOfLeaf({ batch, line, letter, digest })
  if (rootFromPath(leaf, index, size, path)?.equals(root) !== true) return 'root-other'
  return { entries: 1, outcomes: { [outcome]: 1 }, unread: unread === true ? 1 : 0 }
}

/** The entry of a line; the only entry of a file that was cut down to the one record. */
async function entryAt(entries: AsyncIterable<RawEntry>, line: number): Promise<RawEntry | undefined> {
  let [count, only]: [number, RawEntry | undefined] = [0, undefined]
  for await (const entry of entries) {
    if (entry.line === line) return entry
    count += 1
    only = entry
  }
  return count === 1 ? only : undefined
}
