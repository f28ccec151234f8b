import type { ChunkId } from '../../domain/ids.ts'
import { BEFORE_KNOWN } from '../../domain/states.ts'
import type { Db } from '../../io/postgres/postgres.ts'
import { sql } from '../../io/postgres/sql.ts'

/**
 * Those of these chunks that a worker holds: at this epoch by a lease, the outcomes not known yet; or, whatever its lease says, by
 * a transaction that has locked the chunk's row (`isLocked`).
 */
export async function readHeldChunks(
  db: Db,
  chunks: readonly { id: ChunkId; epoch: number }[],
): Promise<{ id: ChunkId; isLocked: boolean }[]> {
  const ids = chunks.map(({ id }) => id)
  const { rows } = await db.query<{ id: ChunkId; isLocked: boolean }>(sql`
    with free as materialized (
      select id from chunk where id = any(${ids}::text[]) for update skip locked
    )
    select c.id, f.id is null as "isLocked"
    from unnest(${ids}::text[], ${chunks.map(({ epoch }) => epoch)}::integer[]) as g(id, epoch)
    join chunk c on c.id = g.id left join free f on f.id = g.id
    where f.id is null or (c.epoch = g.epoch and c.state = any(${BEFORE_KNOWN}) and c.lease_until > now())`)
  return rows
}
