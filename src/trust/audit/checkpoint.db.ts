import type { Pool, PoolClient } from 'pg'
import { inTransaction } from '../../io/postgres/postgres.ts'
import type { KeyRing } from '../keys/keyring.ts'
import { signerOf } from '../keys/signing-keys.ts'
import { formatCheckpoint } from '../tree/checkpoint.ts'
import { HASH_BYTES, rootOf, TreeHasher } from '../tree/merkle.ts'
import { signNote } from '../tree/note.ts'
import { readAuditRows } from './audit.sql.ts'
import { leafOf } from './audit.ts'
import {
  confirmTree,
  insertBlocks,
  insertCheckpoint,
  lastCheckpoint,
  readAuditBlocks,
  tryLockCheckpoints,
} from './checkpoint.sql.ts'
import { BLOCK, readLeaves } from './leaves.db.ts'
import { noteKeys } from './note-keys.db.ts'

export type CheckpointDeps = {
  /** The key for deliveries signs: a checkpoint begins with the address of the gateway, which no signature base does. */
  ring: Pick<KeyRing, 'deliveries' | 'tokens' | 'seal'>
  publicUrl: string
  clock: () => Date
}

const EVERY_MS = 60_000
// About 13 MB of rows in one transaction; what is left comes at the next turn.
const MOST_ROWS = 50_000

/** Whose log it is: the address of the gateway without its scheme; also the name of the key that signs its checkpoints. */
export function auditOrigin(publicUrl: string): string {
  return `${publicUrl.replace(/^https?:\/\//, '').replaceAll('+', '%2B')}/audit`
}

/** The task that makes a checkpoint each minute, in one process at a time; it says how many rows it took in. */
export function checkpointTask(deps: CheckpointDeps) {
  return { name: 'audit-checkpoint', everyMs: EVERY_MS, run: (db: Pool) => makeCheckpoint(db, deps) }
}

/**
 * Signs a checkpoint over all rows of the log, where there are new ones, and says how many these are. Only the new rows are read: what
 * lies before stands in roots of whole blocks.
 */
export async function makeCheckpoint(db: Pool, deps: CheckpointDeps): Promise<number> {
  await noteKeys(db, deps.ring, deps.clock())
  return inTransaction(db, async (tx) => {
    if (!(await tryLockCheckpoints(tx))) return 0
    const before = (await lastCheckpoint(tx))?.size ?? 0
    const leaves = await newLeaves(tx, before)
    if (leaves.length > 0) await sign(tx, deps, before, leaves)
    if (leaves.length < MOST_ROWS) await confirmTree(tx)
    return leaves.length
  })
}

async function newLeaves(tx: PoolClient, after: number): Promise<Buffer[]> {
  const leaves: Buffer[] = []
  while (leaves.length < MOST_ROWS) {
    const place = after + leaves.length
    const rows = await readAuditRows(tx, place)
    // A row that is gone would move all later ones: the checkpoint stops before the gap, which verification names.
    for (const row of rows) {
      if (row.sequence !== after + leaves.length + 1) throw new Error(`row ${place + 1} of the audit log is missing`)
      leaves.push(leafOf(row))
    }
    if (rows.length === 0) break
  }
  return leaves.slice(0, MOST_ROWS)
}

async function sign(tx: PoolClient, { ring, publicUrl, clock }: CheckpointDeps, before: number, leaves: Buffer[]) {
  const size = before + leaves.length
  const known = Math.floor(before / BLOCK)
  // The leaves of the block that the checkpoint before left unfinished, and the new ones.
  const open = [...(await readLeaves(tx, known * BLOCK, before)), ...leaves]
  const whole = Math.floor(open.length / BLOCK)
  const roots = Array.from({ length: whole }, (_, at) => rootOf(open.slice(at * BLOCK, (at + 1) * BLOCK)))
  if (whole > 0) await insertBlocks(tx, known, roots)
  const [blocks, tail] = [new TreeHasher(), new TreeHasher()]
  for (const root of [...(await readAuditBlocks(tx, known)), ...roots]) blocks.add(root)
  for (const leaf of open.slice(whole * BLOCK)) tail.add(leaf)
  const root = blocks.root(tail)
  const origin = auditOrigin(publicUrl)
  const note = signNote(formatCheckpoint({ origin, size, root }), origin, signerOf(ring.deliveries, clock()))
  const bytes = Buffer.concat(leaves, leaves.length * HASH_BYTES)
  await insertCheckpoint(tx, { size, root, note, leaves: bytes })
}
