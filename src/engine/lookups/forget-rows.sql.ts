import type { Pool, PoolClient } from 'pg'
import type { SubmissionId } from '../../domain/ids.ts'
import { BATCH } from '../../domain/states.ts'
import { inTransaction } from '../../io/postgres/postgres.ts'
import { sql } from '../../io/postgres/sql.ts'

// Bounds one pass of the sweeper; the next one takes the rest.
const PASS = 100

/**
 * Destroys the rows that files of a submission looked values up in, once all of its batches have settled. Should an entry be
 * released later, they are made again from the chunks. Gives the number of submissions.
 */
export async function forgetLookupRows(db: Pool): Promise<number> {
  for (let done = 0; ; done += 1) {
    const isMore = done < PASS && (await inTransaction(db, forgetNext))
    if (!isMore) return done
  }
}

async function forgetNext(tx: PoolClient): Promise<boolean> {
  const { rows } = await tx.query<{ id: SubmissionId }>(sql`
    select s.id from submission s
    where exists (select from lookup_chunk l where l.submission = s.id)
      and not exists (select from batch b where b.submission = s.id and b.state <> ${BATCH.settled})
    limit 1 for update skip locked`)
  const submission = rows[0]?.id
  if (submission === undefined) return false
  // Who keeps rows waits for this lock: a row that is deleted here is never the one that a new mark stands for.
  await tx.query(sql`delete from lookup_chunk where submission = ${submission}`)
  await tx.query(sql`delete from lookup_row where submission = ${submission}`)
  return true
}
