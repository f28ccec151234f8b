import type { Pool, PoolClient } from 'pg'
import type { ChunkId } from '../../domain/ids.ts'
import type { Crash } from '../../io/observe/crash.ts'
import { inTrace } from '../../io/observe/trace.ts'
import { inTransaction } from '../../io/postgres/postgres.ts'
import type { KeyRing } from '../../trust/keys/keyring.ts'
import { signerOf } from '../../trust/keys/signing-keys.ts'
import type { Vault } from '../../trust/keys/vault.ts'
import { formatCheckpoint } from '../../trust/tree/checkpoint.ts'
import { HASH_BYTES, rootOf } from '../../trust/tree/merkle.ts'
import { signNote } from '../../trust/tree/note.ts'
import { readRaw } from '../chunks/content.sql.ts'
import type { SweepTask } from '../sweep.ts'
import { digestOf, hashOfLeaf, isLetter, LETTERS, letterOf, saltOf } from './leaf.ts'
import { originOf, receiptSecret } from './origin.ts'
import {
  confirmReceipt,
  deleteReceipt,
  insertBlock,
  insertReceipt,
  type LedgerLine,
  lastBlock,
  markReceipted,
  type ReceiptRow,
  readBlock,
  readBlockRoots,
  readLedgerAfter,
  selectReceipts,
  signReceipt,
  takeUnreceipted,
  type Unreceipted,
} from './receipt.sql.ts'

export type ReceiptDeps = {
  vault: Pick<Vault, 'open' | 'index'>
  /** The key for deliveries signs: what it signs begins with the address of the gateway, which no signature base does. */
  ring: Pick<KeyRing, 'deliveries'>
  publicUrl: string
  log: { warn(fields: object, message: string): void }
  crash: Crash
}

/** Leaves in one block: a power of two, so that every block but the last is a whole subtree. */
export const BLOCK = 1024
// 16,384 entries in one transaction; a larger batch is gone on with in the next.
const BLOCKS_AT_ONCE = 16
// The sweeper has other things to look after, too.
const PASS_MS = 1000
// Few chunks interleave: those of a release lie beside the ones that the entries came out of.
const CHUNKS_OPEN = 16
const MOST_FAILED = 1000

/** Makes the receipts of settled batches, block by block; what a killed process leaves is gone on with. */
export function receiptTask(deps: ReceiptDeps): SweepTask {
  // A batch that cannot be read (its seal is broken) must not keep the others waiting; it is tried again after a restart.
  const failed = new Set<string>()
  return {
    name: 'receipts',
    everyMs: 1000,
    async run(db) {
      let signed = 0
      for (const end = performance.now() + PASS_MS; performance.now() < end; ) {
        const done = await buildOnce(db, deps, failed)
        if (done === 'signed') signed += 1
        if (done === 'none') break
      }
      return signed
    },
  }
}

type Done = 'none' | 'begun' | 'signed' | 'passed'

async function buildOnce(db: Pool, deps: ReceiptDeps, failed: Set<string>): Promise<Done> {
  let batch: string | undefined
  try {
    return await inTransaction(db, async (tx) => {
      const work = await takeUnreceipted(tx, [...failed])
      batch = work?.id
      if (work === undefined) return 'none'
      return inTrace(work.trace, 'batch receipt', { 'titian.batch': work.id }, () => build(tx, deps, work))
    })
  } catch (error) {
    if (batch === undefined || failed.size >= MOST_FAILED) throw error
    failed.add(batch)
    deps.log.warn({ batch, err: error }, 'receipt not made')
    return 'passed'
  }
}

async function build(tx: PoolClient, deps: ReceiptDeps, batch: Unreceipted): Promise<Done> {
  if (!batch.isProvable || batch.received === 0) {
    await markReceipted(tx, batch.id)
    return 'passed'
  }
  const { open, signed } = await openReceipt(tx, batch)
  const isWhole = await addBlocks(tx, deps, batch, open, signed)
  deps.crash('receipts:before-commit')
  if (!isWhole) return 'begun'
  const root = rootOf(await readBlockRoots(tx, batch.id, open.edition))
  if (signed?.root?.equals(root) === true) {
    await deleteReceipt(tx, batch.id, open.edition)
    await confirmReceipt(tx, batch.id, { ...signed, settledAt: batch.settledAt })
  } else {
    const origin = originOf(deps.publicUrl, batch.id, open.edition)
    const text = formatCheckpoint({ origin, size: batch.received, root })
    const checkpoint = signNote(text, origin, signerOf(deps.ring.deliveries, new Date()))
    await signReceipt(tx, batch.id, { edition: open.edition, root, checkpoint })
  }
  await markReceipted(tx, batch.id)
  deps.crash('receipts:before-sign-commit')
  return 'signed'
}

/** The receipt to go on with, and the newest one that was signed. One that was begun for an earlier settling is begun anew. */
async function openReceipt(
  tx: PoolClient,
  { id, settledAt, received }: Unreceipted,
): Promise<{ open: ReceiptRow; signed: ReceiptRow | undefined }> {
  const receipts = await selectReceipts(tx, id)
  const signed = receipts.find(({ root }) => root !== null)
  const begun = receipts.find(({ root }) => root === null)
  if (begun !== undefined && begun.settledAt === settledAt) return { open: begun, signed }
  if (begun !== undefined) await deleteReceipt(tx, id, begun.edition)
  const open = { edition: (signed?.edition ?? 0) + 1, settledAt, size: received, root: null }
  await insertReceipt(tx, id, open)
  return { open, signed }
}

/** Adds the next blocks; true when the tree has all entries. */
async function addBlocks(
  tx: PoolClient,
  deps: ReceiptDeps,
  batch: Unreceipted,
  open: ReceiptRow,
  signed: ReceiptRow | undefined,
): Promise<boolean> {
  const last = await lastBlock(tx, batch.id, open.edition)
  const read = digestsOf(tx, deps, batch)
  let line = last?.lastLine ?? 0
  let block = last === undefined ? 0 : last.block + 1
  for (let turn = 0; turn < BLOCKS_AT_ONCE; turn += 1) {
    const ledger = await readLedgerAfter(tx, batch.id, line, BLOCK)
    const end = ledger.at(-1)
    const first = ledger[0]
    if (first === undefined || end === undefined)
      throw new Error(`batch ${batch.id} has fewer entries in its ledger than it received`)
    const before = signed && (await readBlock(tx, batch.id, signed.edition, block))
    await insertBlock(tx, batch.id, open.edition, {
      block,
      firstLine: first.line,
      lastLine: end.line,
      ...(await leavesOf(batch.id, ledger, read, before)),
    })
    line = end.line
    block += 1
    const entries = (block - 1) * BLOCK + ledger.length
    if (entries > batch.received) throw new Error(`batch ${batch.id} has more entries in its ledger than it received`)
    if (entries === batch.received) return true
  }
  return false
}

type Read = (entry: LedgerLine) => Promise<Buffer | undefined>

/** The leaves of the next entries; those whose outcome is what it was are taken from the same block of the edition before. */
async function leavesOf(
  batch: string,
  ledger: readonly LedgerLine[],
  read: Read,
  before: { outcomes: string; leaves: Buffer } | undefined,
) {
  const hashes: Buffer[] = []
  let outcomes = ''
  for (const [at, entry] of ledger.entries()) {
    const known = before?.outcomes[at] ?? ''
    if (before !== undefined && isLetter(known) && LETTERS[known] === entry.outcome) {
      outcomes += known
      hashes.push(before.leaves.subarray(at * HASH_BYTES, (at + 1) * HASH_BYTES))
      continue
    }
    const digest = await read(entry)
    const letter = letterOf(entry.outcome, digest !== undefined)
    outcomes += letter
    hashes.push(hashOfLeaf({ batch, line: entry.line, letter, digest }))
  }
  return { outcomes, leaves: Buffer.concat(hashes), root: rootOf(hashes) }
}

/** Reads digests of entries, a chunk at a time; the chunks used last are kept. A text that could not be read has none. */
function digestsOf(tx: PoolClient, { vault }: ReceiptDeps, { id: batch, platform }: Unreceipted): Read {
  const secret = receiptSecret(vault, batch)
  const chunks = new Map<ChunkId, Map<number, Buffer | undefined>>()
  return async ({ chunk, line }) => {
    let digests = chunks.get(chunk)
    if (digests === undefined) {
      const entries = await readRaw(tx, vault, { id: chunk, platform })
      if (entries === undefined) throw new Error(`chunk ${chunk} has lost its source records`)
      digests = new Map()
      for (const entry of entries)
        digests.set(entry.line, entry.form === 'refused' ? undefined : digestOf(saltOf(secret, entry.line), entry))
      chunks.set(chunk, digests)
      const [oldest] = chunks.keys()
      if (chunks.size > CHUNKS_OPEN && oldest !== undefined) chunks.delete(oldest)
    }
    if (!digests.has(line)) throw new Error(`chunk ${chunk} has no entry of line ${line}`)
    return digests.get(line)
  }
}
