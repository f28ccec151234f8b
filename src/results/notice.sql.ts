import type { Pool, PoolClient } from 'pg'
import type { SubjectId } from '../domain/ids.ts'
import { type Db, inTransaction } from '../io/postgres/postgres.ts'
import { sql } from '../io/postgres/sql.ts'

const LOCK = 'titian result sequencer'
const MOST_AT_ONCE = 5000

/** Says that platforms are to be told of subjects; who was told before gets a new place in the feed. */
export async function noteSubjects(
  tx: PoolClient,
  notices: readonly { platform: string; subject: SubjectId }[],
): Promise<void> {
  if (notices.length === 0) return
  await tx.query(sql`
    insert into result_notice (platform, subject)
    select platform, subject
    from unnest(${notices.map(({ platform }) => platform)}::text[], ${notices.map(({ subject }) => subject)}::text[])
      as n(platform, subject)
    order by platform, subject
    on conflict (platform, subject) do update set position = null, noted_at = now()`)
}

/**
 * Gives committed notices their places in the feed and says how many got one. One sequencer runs at a time, and a notice gets its
 * place after its own commit: whoever has read up to a place never misses one below it. Readers of the feed sequence too, so that
 * what was committed before they ask is there.
 */
export async function sequenceNotices(db: Pool): Promise<number> {
  const { rowCount: waiting } = await db.query(sql`select from result_notice where position is null limit 1`)
  if (waiting === 0) return 0
  return inTransaction(db, async (tx) => {
    // A statement of its own: the next one must see what the sequencer before us committed.
    await tx.query(sql`select pg_advisory_xact_lock(hashtext(${LOCK}))`)
    const { rowCount } = await tx.query(sql`
      with waiting as materialized (
        select platform, subject from result_notice where position is null
        order by noted_at, platform, subject limit ${MOST_AT_ONCE} for update skip locked
      ), placed as materialized (
        select platform, subject, nextval('result_position') as position from waiting
      )
      update result_notice n set position = placed.position
      from placed where n.platform = placed.platform and n.subject = placed.subject`)
    return rowCount ?? 0
  })
}

export type Notice = { position: string; subject: SubjectId }

/** A platform's notices after a place, in the order of the feed. */
export async function noticesAfter(db: Db, platform: string, position: string, limit: number): Promise<Notice[]> {
  const { rows } = await db.query<Notice>(sql`
    select position, subject from result_notice
    where platform = ${platform} and position > ${position} order by position limit ${limit}`)
  return rows
}

/** The last place ever given; '0' when none was. */
export async function lastPlace(db: Db): Promise<string> {
  const { rows } = await db.query<{ last: string | null }>(sql`
    select pg_sequence_last_value('result_position') as last`)
  return rows[0]?.last ?? '0'
}
