import type { ClientBase } from 'pg'
import { sql } from '../../io/postgres/sql.ts'

/** Whether the server archives its WAL, and whether its last try failed. */
export async function readArchiving(db: ClientBase): Promise<{ isOn: boolean; isFailing: boolean }> {
  const { rows } = await db.query<{ isOn: boolean; isFailing: boolean }>(sql`
    select current_setting('archive_mode') <> 'off' as "isOn",
      coalesce(last_failed_time > coalesce(last_archived_time, to_timestamp(0)), false) as "isFailing"
    from pg_stat_archiver`)
  return rows[0] ?? { isOn: false, isFailing: false }
}

/** From now on the files of the server may be copied, until this connection ends. */
export async function startCopying(db: ClientBase, label: string): Promise<void> {
  await db.query(sql`select pg_backup_start(${label}, true)`)
}

/** Waits until the WAL that the copy needs is archived; gives what must lie beside the files as `backup_label`, and the moment. */
export async function stopCopying(db: ClientBase): Promise<{ label: string; at: Date }> {
  const { rows } = await db.query<{ label: string; at: Date }>(sql`
    select labelfile as label, clock_timestamp() as at from pg_backup_stop(true)`)
  return rows[0] as { label: string; at: Date }
}
