import type { PoolClient } from 'pg'
import type { BatchId, ChunkId } from '../../domain/ids.ts'
import type { Db } from '../../io/postgres/postgres.ts'
import { sql } from '../../io/postgres/sql.ts'
import { ERASED } from './holding.ts'

/** Where an entry states an erased person. */
export type ErasedPlace = { batch: BatchId; line: number; chunk: ChunkId }

/** Notes the entries of a chunk that state an erased person again, by what was found in them: their bytes are to be destroyed. */
export async function noteErasedAgain(
  tx: PoolClient,
  { batch, chunk }: { batch: BatchId; chunk: ChunkId },
  findings: readonly { line: number; code: string }[],
): Promise<void> {
  const lines = findings.filter(({ code }) => code === ERASED).map(({ line }) => line)
  if (lines.length === 0) return
  await tx.query(sql`
    insert into erased_again (batch, line, chunk)
    select ${batch}, given.line, ${chunk} from unnest(${lines}::integer[]) as given(line)
    on conflict do nothing`)
}

/** Entries of some chunks that stated an erased person again; the chunks after one, in the order of their ids. */
export async function readErasedAgain(db: Db, after: string, chunks: number): Promise<ErasedPlace[]> {
  const { rows } = await db.query<ErasedPlace>(sql`
    select a.batch, a.line, a.chunk
    from (select distinct chunk from erased_again where chunk > ${after} order by chunk limit ${chunks}) c
    join erased_again a using (chunk) order by a.chunk, a.line`)
  return rows
}

/** Forgets that entries of a chunk are to be destroyed. */
export async function forgetErasedAgain(tx: PoolClient, chunk: ChunkId): Promise<void> {
  await tx.query(sql`delete from erased_again where chunk = ${chunk}`)
}
