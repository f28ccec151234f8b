import type { PoolClient } from 'pg'
import type { BatchId, ChunkId } from '../../domain/ids.ts'
import { BATCH, type Outcome } from '../../domain/states.ts'
import { waitForCommits } from '../../io/postgres/commits.db.ts'
import type { Db } from '../../io/postgres/postgres.ts'
import { sql } from '../../io/postgres/sql.ts'
import { gatheredFirst } from '../../io/postgres/table-form.ts'

/** A settled batch that wants a receipt. */
export type Unreceipted = {
  id: BatchId
  platform: string
  received: number
  /** Where the trace of the batch began. */
  trace: string | null
  settledAt: string
  /** Whether its leaves can be made: the source records of all its chunks are kept, or an earlier receipt has its leaves. */
  isProvable: boolean
}
export type ReceiptRow = { edition: number; settledAt: string; size: number; root: Buffer | null }
export type SignedReceipt = { edition: number; size: number; root: Buffer; checkpoint: string; signedAt: Date }
export type LedgerLine = { line: number; chunk: ChunkId; outcome: Outcome }
export type LeafBlock = {
  block: number
  firstLine: number
  lastLine: number
  outcomes: string
  leaves: Buffer
  root: Buffer
}

// What one transaction makes does not wait for a batch of millions.
const SMALL = 16_384

/** Locks the batch that has waited longest for its receipt, small ones first; undefined when none does, or others have them. Moments are text, to the microsecond. */
export async function takeUnreceipted(tx: PoolClient, except: readonly string[]): Promise<Unreceipted | undefined> {
  const { rows } = await tx.query<Unreceipted>(sql`
    select id, platform, received, trace, settled_at::text as "settledAt",
      (not exists (select from chunk where chunk.batch = batch.id and chunk.raw is null)
        or exists (select from receipt where receipt.batch = batch.id and receipt.root is not null)) as "isProvable"
    from batch
    where state = ${BATCH.settled} and kind = 'push' and receipted_at is distinct from settled_at and id <> all(${except})
    order by received > ${SMALL}, settled_at limit 1 for no key update skip locked`)
  if (rows.length > 0) await waitForCommits(tx)
  return rows[0]
}

/** Says that nothing more is to be done for the present settling of a locked batch. */
export async function markReceipted(tx: PoolClient, batch: BatchId): Promise<void> {
  await tx.query(sql`update batch set receipted_at = settled_at where id = ${batch}`)
}

/** The receipts of a batch, the newest edition first; one without root is still being made. */
export async function selectReceipts(tx: PoolClient, batch: BatchId): Promise<ReceiptRow[]> {
  const { rows } = await tx.query<ReceiptRow>(sql`
    select edition, settled_at::text as "settledAt", size, root from receipt
    where batch = ${batch} order by edition desc`)
  return rows
}

export async function insertReceipt(
  tx: PoolClient,
  batch: BatchId,
  { edition, settledAt, size }: Omit<ReceiptRow, 'root'>,
): Promise<void> {
  await tx.query(sql`
    insert into receipt (batch, edition, settled_at, size)
    values (${batch}, ${edition}, ${settledAt}::timestamptz, ${size})`)
}

/** Takes back a receipt that was begun, with its blocks. */
export async function deleteReceipt(tx: PoolClient, batch: BatchId, edition: number): Promise<void> {
  await tx.query(sql`delete from receipt where batch = ${batch} and edition = ${edition} and checkpoint is null`)
}

/** The next lines of the ledger of a batch, with their outcomes. */
export async function readLedgerAfter(
  tx: PoolClient,
  batch: BatchId,
  line: number,
  limit: number,
): Promise<LedgerLine[]> {
  const { rows } = await tx.query<LedgerLine>(sql`
    select line, chunk, outcome from entry where batch = ${batch} and line > ${line} order by line limit ${limit}`)
  return rows
}

export async function insertBlock(tx: PoolClient, batch: BatchId, edition: number, block: LeafBlock): Promise<void> {
  await tx.query(sql`
    insert into receipt_block (batch, edition, block, first_line, last_line, outcomes, leaves, root)
    values (${batch}, ${edition}, ${block.block}, ${block.firstLine}, ${block.lastLine}, ${block.outcomes},
      ${block.leaves}, ${block.root})`)
}

/** The last block that was made; undefined before the first. */
export async function lastBlock(
  tx: PoolClient,
  batch: BatchId,
  edition: number,
): Promise<Pick<LeafBlock, 'block' | 'lastLine' | 'outcomes'> | undefined> {
  const { rows } = await tx.query<Pick<LeafBlock, 'block' | 'lastLine' | 'outcomes'>>(sql`
    select block, last_line as "lastLine", outcomes from receipt_block
    where batch = ${batch} and edition = ${edition} order by block desc limit 1`)
  return rows[0]
}

/** Outcomes and leaves of one block of an edition; undefined when it has no such block. */
export async function readBlock(
  tx: PoolClient,
  batch: BatchId,
  edition: number,
  block: number,
): Promise<Pick<LeafBlock, 'outcomes' | 'leaves'> | undefined> {
  const { rows } = await tx.query<Pick<LeafBlock, 'outcomes' | 'leaves'>>(sql`
    select outcomes, leaves from receipt_block where batch = ${batch} and edition = ${edition} and block = ${block}`)
  return rows[0]
}

/** The roots of all blocks, in order: 32 bytes for each 1,024 entries. */
export async function readBlockRoots(db: Db, batch: string, edition: number): Promise<Buffer[]> {
  const { rows } = await db.query<{ root: Buffer }>(sql`
    select root from receipt_block where batch = ${batch} and edition = ${edition} order by block`)
  return rows.map(({ root }) => root)
}

/** Signs a receipt: there is one signature for each root. The blocks of older editions are forgotten, their checkpoints stay. */
export async function signReceipt(
  tx: PoolClient,
  batch: BatchId,
  { edition, root, checkpoint }: { edition: number; root: Buffer; checkpoint: string },
): Promise<void> {
  await tx.query(sql`
    update receipt set root = ${root}, checkpoint = ${checkpoint}, signed_at = clock_timestamp()
    where batch = ${batch} and edition = ${edition} and checkpoint is null`)
  await tx.query(sql`delete from receipt_block where batch = ${batch} and edition < ${edition}`)
}

/** Lets a signed receipt speak of a later settling, whose outcomes are the same. */
export async function confirmReceipt(tx: PoolClient, batch: BatchId, row: ReceiptRow): Promise<void> {
  await tx.query(sql`
    update receipt set settled_at = ${row.settledAt}::timestamptz where batch = ${batch} and edition = ${row.edition}`)
}

/** The receipt that speaks of a batch as it is settled now; undefined when it is not settled, or has none (yet). */
export async function readReceipt(db: Db, batch: string): Promise<SignedReceipt | undefined> {
  const { rows } = await db.query<SignedReceipt>(sql`
    select r.edition, r.size, r.root, r.checkpoint, r.signed_at as "signedAt"
    from batch b join receipt r on r.batch = b.id and r.settled_at = b.settled_at
    where b.id = ${batch} and b.state = ${BATCH.settled} and r.checkpoint is not null
    order by r.edition desc limit 1`)
  return rows[0]
}

/** Whether a settled batch will never have a receipt: its source records were gone before one was made. */
export async function isWithoutReceipt(db: Db, batch: string): Promise<boolean> {
  const { rowCount } = await db.query(sql`
    select from batch
    where id = ${batch} and state = ${BATCH.settled} and (receipted_at = settled_at or kind <> 'push' or received = 0)`)
  return rowCount === 1
}

/** The block that holds a line, and how many of its entries come before it; undefined when the batch has no such line. */
export async function findBlock(
  db: Db,
  batch: string,
  edition: number,
  line: number,
): Promise<(LeafBlock & { place: number }) | undefined> {
  const { rows } = await db.query<LeafBlock & { place: number }>(
    gatheredFirst(
      sql`
    select k.block, k.first_line as "firstLine", k.last_line as "lastLine", k.outcomes, k.leaves, k.root,
      (select count(*)::int from entry e
        where e.batch = ${batch} and e.line >= k.first_line and e.line < ${line}) as place
    from (
      select * from receipt_block
      where batch = ${batch} and edition = ${edition} and first_line <= ${line} order by block desc limit 1) k
    where exists (select from entry where batch = ${batch} and line = ${line})`,
      {
        entry: `select batch, line from public.entry where batch = $1 and line <= $2 and line >= coalesce((select max(first_line) from receipt_block where batch = $3 and edition = $4 and first_line <= $5), 0)`,
      },
    ),
  )
  return rows[0]
}

/** The outcomes of all entries in order, one letter each. */
export async function readOutcomes(db: Db, batch: string, edition: number): Promise<string> {
  const { rows } = await db.query<{ outcomes: string }>(sql`
    select coalesce(string_agg(outcomes, '' order by block), '') as outcomes from receipt_block
    where batch = ${batch} and edition = ${edition}`)
  return rows[0]?.outcomes ?? ''
}

/** The line that a key came on in a batch; of several the one that was taken, the first of these. */
export async function lineOfKey(db: Db, batch: string, keyIndexes: readonly Buffer[]): Promise<number | undefined> {
  const { rows } = await db.query<{ line: number }>(sql`
    select line from entry where key_index = any(${keyIndexes}::bytea[]) and batch = ${batch}
    order by outcome in ('rejected', 'held'), line limit 1`)
  return rows[0]?.line
}

/** The leaves of the first block. */
export async function readFirstLeaves(db: Db, batch: string, edition: number): Promise<Buffer> {
  const { rows } = await db.query<{ leaves: Buffer }>(sql`
    select leaves from receipt_block where batch = ${batch} and edition = ${edition} and block = 0`)
  return rows[0]?.leaves ?? Buffer.alloc(0)
}
