import type { PoolClient } from 'pg'
import { waitForCommits } from '../../io/postgres/commits.db.ts'
import type { Db } from '../../io/postgres/postgres.ts'
import { sql } from '../../io/postgres/sql.ts'

/** So many changes are remembered. A chunk that more have overtaken is worked anew. */
const KEPT = 64

/**
 * Counts a change of the subjects under their lock, and keeps what it touched (`packMarks`); null is whatever there is. Every
 * chunk that is linked does, even where it only says in the ledger that nothing has changed.
 */
export async function noteChange(tx: PoolClient, marks: Buffer | null): Promise<void> {
  const { rows } = await tx.query<{ change: string }>(sql`
    with counted as (update subjects_state set changes = changes + 1 returning changes)
    insert into link_mark (change, marks) select changes, ${marks} from counted returning change`)
  await tx.query(sql`delete from link_mark where change <= ${rows[0]?.change ?? '0'}::bigint - ${KEPT}`)
}

/** How many changes the subjects have seen: what is read later holds all of them. */
export async function countChanges(db: Db): Promise<string> {
  const { rows } = await db.query<{ changes: string }>(sql`select changes from subjects_state`)
  await waitForCommits(db)
  return rows[0]?.changes ?? '0'
}

/** What changes after one touched. `marks` is undefined when that is not known of each of them: they may have touched anything. */
export async function readMarks(db: Db, after: string): Promise<{ changes: string; marks: Buffer | undefined }> {
  // One statement, so that count and marks are of one moment.
  const { rows } = await db.query<{ changes: string; known: number; whole: number; marks: Buffer | null }>(sql`
    select changes, count(change)::integer as known, count(change) filter (where marks is null)::integer as whole,
      string_agg(marks, ''::bytea order by change) as marks
    from subjects_state left join link_mark on change > ${after}::bigint
    group by changes`)
  const { changes = after, known = 0, whole = 0, marks } = rows[0] ?? {}
  if (changes !== after) await waitForCommits(db)
  const isKnown = whole === 0 && BigInt(changes) - BigInt(after) === BigInt(known)
  return { changes, marks: isKnown ? (marks ?? Buffer.alloc(0)) : undefined }
}
