import type { Static } from 'typebox'
import { gap } from '../domain/conservation.ts'
import type { BatchId } from '../domain/ids.ts'
import { BATCH, type BatchKind, type BatchMode, type BatchState, CHUNK, KNOWN, WORKING } from '../domain/states.ts'
import type { SnapshotState } from '../domain/withdrawal.ts'
import type { Db } from '../io/postgres/postgres.ts'
import { sql } from '../io/postgres/sql.ts'
import { gatheredFirst } from '../io/postgres/table-form.ts'
import type { Batch } from './batch-shapes.ts'
import type { FileForm } from './file-form.ts'

export type BatchView = Static<typeof Batch>

type Row = {
  id: string
  platform: string
  dataset: string
  dataset_version: string
  state: BatchState
  received: number
  new: number
  updated: number
  unchanged: number
  rejected: number
  held: number
  pending: number
  position: number | null
  payload_bytes: string
  payload_sha256: Buffer | null
  created_at: Date
  received_at: Date | null
  settled_at: Date | null
  kind: BatchKind
  aborted_at: Date | null
  snapshot: SnapshotState | null
  absent: number | null
  standing: number | null
  corrected_rejected: number
  corrected_held: number
  mode: BatchMode
  refused_at: Date | null
  form: FileForm | null
}

/** Batches of a platform (null: of all), the newest first; those after a batch id when one is given. */
export async function listBatches(
  db: Db,
  { platform, after, limit }: { platform: string | null; after: string | null; limit: number },
): Promise<BatchView[]> {
  const { rows } = await db.query<{ id: BatchId }>(sql`
    select id from batch
    where (${platform}::text is null or platform = ${platform}) and (${after}::text is null or id < ${after})
    order by id desc limit ${limit}`)
  return viewBatches(
    db,
    rows.map(({ id }) => id),
  )
}

/** One batch as a platform (null: everybody's) may see it; undefined when it is another's or not there. */
export async function viewBatch(db: Db, id: string, platform: string | null): Promise<BatchView | undefined> {
  const [batch] = await viewBatches(db, [id])
  return batch !== undefined && (platform === null || batch.platform === platform) ? batch : undefined
}

/** Batches by their ids, the newest first. */
export async function viewBatches(db: Db, ids: readonly string[]): Promise<BatchView[]> {
  const { rows } = await db.query<Row>(
    gatheredFirst(
      sql`
    select b.id, b.platform, b.dataset, b.dataset_version, b.state, b.received, c.new, c.updated, c.unchanged,
      c.rejected, c.held, c.pending, p.position, b.payload_bytes, b.payload_sha256, b.created_at, b.received_at,
      b.settled_at, b.kind, b.aborted_at, b.snapshot, b.absent, b.standing, b.mode, b.refused_at, b.form,
      r.corrected_rejected, r.corrected_held
    from batch b
    cross join lateral (
      select coalesce(sum(new) filter (where known), 0)::int as new,
        coalesce(sum(updated) filter (where known), 0)::int as updated,
        coalesce(sum(unchanged) filter (where known), 0)::int as unchanged,
        coalesce(sum(rejected) filter (where known), 0)::int as rejected,
        coalesce(sum(held) filter (where known), 0)::int as held,
        coalesce(sum(entries) filter (where not known), 0)::int as pending
      from (
        select batch, state, entries, new, updated, unchanged, rejected, held, state = any(${KNOWN}) as known
        from chunk) k
      where k.batch = b.id and k.state <> ${CHUNK.receiving}) c
    cross join lateral (
      select (count(*) filter (where outcome = 'rejected'))::int as corrected_rejected,
        (count(*) filter (where outcome = 'held'))::int as corrected_held
      from entry e where e.batch = b.id and e.corrected_by is not null) r
    cross join lateral (
      select count(ahead.id)::int as position
      from chunk ahead join batch earlier on earlier.id = ahead.batch
      where b.state = ${BATCH.received} and ahead.platform = b.platform and ahead.state = any(${WORKING})
        and earlier.receipt_order < b.receipt_order) p
    where b.id = any(${ids})
    order by b.id desc`,
      {
        entry: `select batch, outcome, corrected_by from public.entry where corrected_by is not null and batch = any($5)`,
      },
    ),
  )
  return rows.map(viewOf)
}

function viewOf(row: Row): BatchView {
  const { received, new: fresh, updated, unchanged, rejected, held, pending } = row
  const counts = { new: fresh, updated, unchanged, rejected, held }
  return {
    id: row.id,
    platform: row.platform,
    dataset: row.dataset,
    dataset_version: row.dataset_version,
    kind: row.kind,
    mode: row.mode,
    state: row.state,
    counts: { received, ...counts, pending },
    gap: gap(received, counts, pending),
    corrected: { rejected: row.corrected_rejected, held: row.corrected_held },
    position: row.state === BATCH.settled ? null : (row.position ?? 0),
    bytes: Number(row.payload_bytes),
    sha256: row.payload_sha256?.toString('hex') ?? null,
    created_at: row.created_at.toISOString(),
    received_at: row.received_at?.toISOString() ?? null,
    // A batch whose deliveries are sent again keeps the moment that its outcomes were settled at.
    settled_at: row.state === BATCH.settled ? (row.settled_at?.toISOString() ?? null) : null,
    aborted_at: row.aborted_at?.toISOString() ?? null,
    refused_at: row.refused_at?.toISOString() ?? null,
    snapshot: row.snapshot && { state: row.snapshot, absent: row.absent, standing: row.standing },
    form: row.form,
  }
}
