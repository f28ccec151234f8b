import type { ChunkId } from '../../domain/ids.ts'
import { BEFORE_KNOWN } from '../../domain/states.ts'
import type { Db } from '../../io/postgres/postgres.ts'
import { sql } from '../../io/postgres/sql.ts'

/** Those of these chunks that a worker holds at this epoch, and whose outcomes are not known yet. */
export async function readHeldChunks(db: Db, chunks: readonly { id: ChunkId; epoch: number }[]): Promise<Set<ChunkId>> {
  const { rows } = await db.query<{ id: ChunkId }>(sql`
    select c.id
    from unnest(${chunks.map(({ id }) => id)}::text[], ${chunks.map(({ epoch }) => epoch)}::integer[]) as g(id, epoch)
    join chunk c on c.id = g.id and c.epoch = g.epoch
    where c.state = any(${BEFORE_KNOWN}) and c.lease_until > now()`)
  return new Set(rows.map(({ id }) => id))
}
