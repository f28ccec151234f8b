import type { AccountId } from '../../domain/ids.ts'
import type { Db } from '../../io/postgres/postgres.ts'
import { sql } from '../../io/postgres/sql.ts'

/** How long a session lives: minutes without a request, and hours in all. */
export type SessionLimits = { idleMinutes: number; hours: number }

export type FoundSession = { id: AccountId; name: Buffer; roles: string[]; isFirst: boolean }

export async function insertAccountSession(
  db: Db,
  { index, account, isFirst }: { index: Buffer; account: AccountId; isFirst: boolean },
): Promise<void> {
  await db.query(sql`insert into account_session (index, account, is_first) values (${index}, ${account}, ${isFirst})`)
}

/** Finds whose session lives, and notes that it was used; undefined when it has ended, or the account is disabled. */
export async function findAccountSession(
  db: Db,
  index: Buffer,
  { idleMinutes, hours }: SessionLimits,
  isUse: boolean,
): Promise<FoundSession | undefined> {
  const { rows } = await db.query<FoundSession>(sql`
    update account_session s set seen_at = case when ${isUse} then now() else s.seen_at end
    from account a
    where s.index = ${index} and a.id = s.account and a.disabled_at is null
      and s.seen_at > now() - make_interval(mins => ${idleMinutes})
      and s.created_at > now() - make_interval(hours => ${hours})
    returning a.id, a.name, a.roles, s.is_first as "isFirst"`)
  return rows[0]
}

export async function deleteAccountSession(db: Db, index: Buffer): Promise<void> {
  await db.query(sql`delete from account_session where index = ${index}`)
}

/** Ends all sessions of a person. */
export async function deleteSessionsOf(db: Db, account: AccountId): Promise<void> {
  await db.query(sql`delete from account_session where account = ${account}`)
}

/** Removes sessions that have ended; says how many there were. */
export async function deleteEndedAccountSessions(db: Db, { idleMinutes, hours }: SessionLimits): Promise<number> {
  const { rowCount } = await db.query(sql`
    delete from account_session
    where seen_at <= now() - make_interval(mins => ${idleMinutes})
      or created_at <= now() - make_interval(hours => ${hours})`)
  return rowCount ?? 0
}
