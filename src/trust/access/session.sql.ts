import type { Db } from '../../io/postgres/postgres.ts'
import { sql } from '../../io/postgres/sql.ts'

/** How long a session lives: minutes without a request, and hours in all. */
export const SESSION = { idleMinutes: 60, hours: 10 }

export async function insertSession(
  db: Db,
  { index, client, csrf }: { index: Buffer; client: string; csrf: string },
): Promise<void> {
  await db.query(sql`insert into session (index, client, csrf) values (${index}, ${client}, ${csrf})`)
}

/** Finds a session that lives, and notes that it was used; undefined when it has ended. */
export async function touchSession(db: Db, index: Buffer): Promise<{ client: string; csrf: string } | undefined> {
  const { rows } = await db.query<{ client: string; csrf: string }>(sql`
    update session set seen_at = now()
    where index = ${index} and seen_at > now() - make_interval(mins => ${SESSION.idleMinutes})
      and created_at > now() - make_interval(hours => ${SESSION.hours})
    returning client, csrf`)
  return rows[0]
}

export async function deleteSession(db: Db, index: Buffer): Promise<void> {
  await db.query(sql`delete from session where index = ${index}`)
}

/** Removes sessions that have ended; says how many there were. */
export async function deleteEndedSessions(db: Db): Promise<number> {
  const { rowCount } = await db.query(sql`
    delete from session
    where seen_at <= now() - make_interval(mins => ${SESSION.idleMinutes})
      or created_at <= now() - make_interval(hours => ${SESSION.hours})`)
  return rowCount ?? 0
}
