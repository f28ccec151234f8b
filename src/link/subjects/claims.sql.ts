import type { Pool, PoolClient } from 'pg'
import type { ChunkId } from '../../domain/ids.ts'
import { inTransaction } from '../../io/postgres/postgres.ts'
import { sql } from '../../io/postgres/sql.ts'
import { doOverlap } from './marks.ts'

/** The chunk that claims, and its epoch: a claim of an earlier epoch is nobody's. */
export type Claimer = { id: ChunkId; epoch: number }

/**
 * Claims keys and identifiers (`packMarks`) for a chunk, and gives the chunks that claimed some of them before. Of two chunks
 * that claim the same the later one always learns of the earlier.
 */
export function claimKeys(db: Pool, { id, epoch }: Claimer, keys: Buffer): Promise<Claimer[]> {
  return inTransaction(db, async (tx) => {
    await tx.query(sql`select pg_advisory_xact_lock(hashtext('titian link claims'))`)
    // Claims of chunks that were cut or aborted since; no lease is that long.
    await tx.query(sql`delete from link_claim where made_at < now() - interval '1 hour'`)
    // What was claimed before this statement is seen by it: whoever claims holds the lock until the end.
    const { rows } = await tx.query<Claimer & { keys: Buffer }>(sql`
      select chunk as id, epoch, keys from link_claim where chunk <> ${id} order by place`)
    await tx.query(sql`
      insert into link_claim (chunk, epoch, place, keys)
      select ${id}, ${epoch}, coalesce(max(place), 0) + 1, ${keys} from link_claim
      on conflict (chunk) do update set epoch = excluded.epoch, place = excluded.place, keys = excluded.keys,
        made_at = excluded.made_at`)
    return rows.filter((row) => doOverlap(keys, row.keys))
  })
}

/** Those of these claims that are still there. */
export async function standingClaims(db: Pool, claims: readonly Claimer[]): Promise<Claimer[]> {
  const { rows } = await db.query<Claimer>(sql`
    select c.chunk as id, c.epoch
    from unnest(${claims.map(({ id }) => id)}::text[], ${claims.map(({ epoch }) => epoch)}::integer[]) as g(id, epoch)
    join link_claim c on c.chunk = g.id and c.epoch = g.epoch`)
  return rows
}

/** Gives up what a chunk has claimed. */
export async function dropClaims(db: Pool | PoolClient, chunks: readonly ChunkId[]): Promise<void> {
  await db.query(sql`delete from link_claim where chunk = any(${chunks}::text[])`)
}
