import type { PoolClient } from 'pg'
import type { BatchId } from '../domain/ids.ts'
import type { ResultHead } from '../domain/results/result.ts'
import type { Db } from '../io/postgres/postgres.ts'
import { sql } from '../io/postgres/sql.ts'

/** Keeps version and date of a DTSEN file, in the transaction that makes its batch received. */
export async function insertResultHead(tx: PoolClient, batch: BatchId, { version, asOf }: ResultHead): Promise<void> {
  await tx.query(sql`insert into result_head (batch, version, as_of) values (${batch}, ${version}, ${asOf}::date)`)
}

/** Version and date of the file that a batch came as; undefined for lines that say them themselves. */
export async function readResultHead(db: Db, batch: BatchId): Promise<ResultHead | undefined> {
  const { rows } = await db.query<ResultHead>(sql`
    select version, to_char(as_of, 'YYYY-MM-DD') as "asOf" from result_head where batch = ${batch}`)
  return rows[0]
}
