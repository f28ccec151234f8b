import type { AccountId } from '../../domain/ids.ts'
import type { Db } from '../../io/postgres/postgres.ts'
import { sql } from '../../io/postgres/sql.ts'
import type { AccountRow } from './account.ts'

const COLUMNS = `id, name, roles, password_salt as salt, password_digest as digest, first_until as "firstUntil", totp,
  subject_index is not null as "isForeign", created_at as "createdAt", signed_in_at as "signedInAt",
  disabled_at as "disabledAt"`

export type NewAccount = {
  id: AccountId
  name: Buffer
  nameIndex: Buffer
  roles: readonly string[]
  password?: { salt: Buffer; digest: Buffer; firstUntil: Date | null }
  subjectIndex?: Buffer
}

/** False when the name is taken. */
export async function insertAccount(db: Db, { id, name, nameIndex, roles, ...by }: NewAccount): Promise<boolean> {
  const { salt = null, digest = null, firstUntil = null } = by.password ?? {}
  const { rowCount } = await db.query(sql`
    insert into account (id, name, name_index, roles, password_salt, password_digest, first_until, subject_index)
    values (${id}, ${name}, ${nameIndex}, ${[...roles]}, ${salt}, ${digest}, ${firstUntil}, ${by.subjectIndex ?? null})
    on conflict do nothing`)
  return rowCount === 1
}

/** The account of a name, by its index; disabled ones too. */
export async function findAccount(db: Db, nameIndex: Buffer): Promise<AccountRow | undefined> {
  const { rows } = await db.query<AccountRow>(`select ${COLUMNS} from account where name_index = $1`, [nameIndex])
  return rows[0]
}

export async function readAccount(db: Db, id: AccountId): Promise<AccountRow | undefined> {
  const { rows } = await db.query<AccountRow>(`select ${COLUMNS} from account where id = $1`, [id])
  return rows[0]
}

/** The account of somebody whom another provider knows, by the index of issuer and subject. */
export async function findForeignAccount(db: Db, subjectIndex: Buffer): Promise<AccountRow | undefined> {
  const { rows } = await db.query<AccountRow>(`select ${COLUMNS} from account where subject_index = $1`, [subjectIndex])
  return rows[0]
}

/** All accounts, the oldest first. */
export async function listAccounts(db: Db): Promise<AccountRow[]> {
  const { rows } = await db.query<AccountRow>(`select ${COLUMNS} from account order by created_at, id`)
  return rows
}

/** False when it is as wished already, or there is none. */
export async function setDisabled(db: Db, id: AccountId, isDisabled: boolean): Promise<boolean> {
  const { rowCount } = await db.query(sql`
    update account set disabled_at = case when ${isDisabled} then now() end
    where id = ${id} and (disabled_at is null) = ${isDisabled}`)
  return rowCount === 1
}

export async function setRoles(db: Db, id: AccountId, roles: readonly string[]): Promise<void> {
  await db.query(sql`update account set roles = ${[...roles]} where id = ${id}`)
}

/** What the other provider says of a person. */
export async function setForeign(
  db: Db,
  id: AccountId,
  { name, roles }: { name: Buffer; roles: readonly string[] },
): Promise<void> {
  await db.query(sql`update account set name = ${name}, roles = ${[...roles]} where id = ${id}`)
}

/** Another password, with its end if it is a first one; false when `was` is not the one that stands (any more). */
export async function setPassword(
  db: Db,
  id: AccountId,
  { salt, digest, firstUntil }: { salt: Buffer; digest: Buffer; firstUntil: Date | null },
  was: Buffer | null = null,
): Promise<boolean> {
  const { rowCount } = await db.query(sql`
    update account set password_salt = ${salt}, password_digest = ${digest}, first_until = ${firstUntil}
    where id = ${id} and (${was}::bytea is null or password_digest = ${was})`)
  return rowCount === 1
}

/** The sealed secret of a second factor; null takes it away. */
export async function setTotp(db: Db, id: AccountId, totp: Buffer | null): Promise<void> {
  await db.query(sql`update account set totp = ${totp}, totp_step = 0 where id = ${id}`)
}

/** Uses the code of a step: false when it, or a later one, was used before. */
export async function useTotpStep(db: Db, id: AccountId, step: number): Promise<boolean> {
  const { rowCount } = await db.query(sql`
    update account set totp_step = ${step} where id = ${id} and totp_step < ${step}`)
  return rowCount === 1
}

export async function noteSignedIn(db: Db, id: AccountId): Promise<void> {
  await db.query(sql`update account set signed_in_at = now() where id = ${id}`)
}

/** Replaces the codes in place of the second factor. */
export async function putRecovery(db: Db, id: AccountId, digests: readonly Buffer[]): Promise<void> {
  await db.query(sql`delete from account_recovery where account = ${id}`)
  await db.query(sql`insert into account_recovery (account, digest) select ${id}, unnest(${[...digests]}::bytea[])`)
}

/** Uses a recovery code: false when there is none like it (any more). */
export async function useRecovery(db: Db, id: AccountId, digest: Buffer): Promise<boolean> {
  const { rowCount } = await db.query(sql`
    delete from account_recovery where account = ${id} and digest = ${digest}`)
  return rowCount === 1
}
