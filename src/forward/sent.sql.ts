import type { DeliveryId } from '../domain/ids.ts'
import type { Db } from '../io/postgres/postgres.ts'
import { sql } from '../io/postgres/sql.ts'

/** Remembers when the bytes of a delivery were first fetched by who pulls. */
export async function noteFetched(db: Db, id: DeliveryId): Promise<void> {
  await db.query(sql`update delivery set sent_at = now() where id = ${id} and sent_at is null`)
}
