import type { DeliveryId } from '../../domain/ids.ts'
import type { Db } from '../../io/postgres/postgres.ts'
import { sql } from '../../io/postgres/sql.ts'

/** A delivery with its changes, compressed; null of one composed before there was a feed of changes. */
export type StoredChanges = {
  id: DeliveryId
  platform: string
  position: string
  /** Lines of the delivery. */
  records: number
  changes: Buffer | null
}

/**
 * The deliveries from a position on, in the order of the feed: as many as give `limit` changes after the first `number` of the first,
 * each line being one change at least. Never more than `limit` and one more.
 */
export async function changesFrom(db: Db, position: string, number: number, limit: number): Promise<StoredChanges[]> {
  const { rows } = await db.query<StoredChanges>(sql`
    with next as materialized (
      select id, platform, position, records from delivery
      where position >= ${position} order by position limit ${limit + 1}
    ), wanted as (
      select id, sum(records) over (order by position) - records as before from next
    )
    select d.id, d.platform, d.position, d.records, d.changes
    from wanted w join delivery d on d.id = w.id where w.before < ${limit + number} order by d.position`)
  return rows
}
