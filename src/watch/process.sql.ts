import type { Db } from '../io/postgres/postgres.ts'
import { sql } from '../io/postgres/sql.ts'

/** A process as it shows itself to the others. */
export type ShownProcess = { id: string; kind: 'gateway' | 'worker'; host: string; version: string }

/** Says that a process lives, and forgets those that were silent for a day. */
export async function showProcess(db: Db, { id, kind, host, version }: ShownProcess): Promise<void> {
  await db.query(sql`
    with gone as (delete from process where seen_at < now() - interval '1 day' and id <> ${id})
    insert into process (id, kind, host, version) values (${id}, ${kind}, ${host}, ${version})
    on conflict (id) do update set seen_at = now()`)
}

/** A process that ends as it should is not missed. */
export async function hideProcess(db: Db, id: string): Promise<void> {
  await db.query(sql`delete from process where id = ${id}`)
}
