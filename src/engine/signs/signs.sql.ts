import type { ClientBase } from 'pg'
import type { ChunkId } from '../../domain/ids.ts'
import type { StageName } from '../../domain/states.ts'
import type { Db } from '../../io/postgres/postgres.ts'
import { sql } from '../../io/postgres/sql.ts'
import { addSigns, NO_SIGNS, type StoredSigns } from './file-signs.ts'

const CHUNKS = 100

/** Writes what was counted in a chunk beside the report of the stage that counted it. */
export async function saveSigns(tx: ClientBase, chunk: ChunkId, stage: StageName, signs: StoredSigns): Promise<void> {
  await tx.query(sql`
    update report set signs = ${JSON.stringify(signs)} where chunk = ${chunk} and stage = ${stage}`)
}

/** What was counted in the cleaned chunks of a batch, added up, some chunks at a time. */
export async function readSigns(db: Db, batch: string): Promise<StoredSigns> {
  let sum = NO_SIGNS
  let after = ''
  for (;;) {
    const { rows } = await db.query<{ id: ChunkId; signs: StoredSigns }>(sql`
      select c.id, r.signs from chunk c join report r on r.chunk = c.id and r.signs is not null
      where c.batch = ${batch} and c.id > ${after} order by c.id limit ${CHUNKS}`)
    for (const { signs } of rows) sum = addSigns(sum, signs)
    const last = rows.at(-1)
    if (last === undefined || rows.length < CHUNKS) return sum
    after = last.id
  }
}

/** How many records the last push of a platform's dataset had; undefined where there was none. */
export async function readLastCount(db: Db, platform: string, dataset: string): Promise<number | undefined> {
  const { rows } = await db.query<{ received: number }>(sql`
    select b.received from batch b
    where b.platform = ${platform} and b.dataset = ${dataset} and b.kind = 'push'
      and b.receipt_order is not null and b.aborted_at is null
    order by b.receipt_order desc limit 1`)
  return rows[0]?.received
}
