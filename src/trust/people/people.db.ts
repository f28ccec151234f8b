import type { Pool, PoolClient } from 'pg'
import { TitianError } from '../../domain/error.ts'
import type { AccountId } from '../../domain/ids.ts'
import { newId } from '../../io/ids.ts'
import { inTransaction } from '../../io/postgres/postgres.ts'
import { appendAudit } from '../audit/audit.sql.ts'
import type { Vault } from '../keys/vault.ts'
import {
  findAccount,
  insertAccount,
  listAccounts,
  readAccount,
  setDisabled,
  setPassword,
  setRoles,
  setTotp,
} from './account.sql.ts'
import { type AccountRow, accountPlace, type ListedPerson, nameIndex, openName, refuseName } from './account.ts'
import { deleteSessionsOf } from './account-session.sql.ts'
import { newFirstPassword, type Passwords } from './password.ts'
import type { PersonRole } from './roles.ts'
import { ACCOUNT_PREFIX } from './two-persons.ts'

export type PeopleDeps = {
  db: Pool
  vault: Pick<Vault, 'index' | 'seal' | 'open'>
  passwords: Pick<Passwords, 'store'>
}

/** How long a first password counts. */
export const FIRST_DAYS = 7
const DAY_MS = 86_400_000

/**
 * Makes an account with a first password, which is shown this once and lets its holder choose another and set up the second factor.
 * Throws `bad-request` where the name cannot be one or is taken.
 */
export async function addPerson(
  { db, vault, passwords }: PeopleDeps,
  { name, roles, by }: { name: string; roles: readonly PersonRole[]; by: string },
): Promise<{ id: AccountId; password: string }> {
  const refusal = refuseName(name) ?? (roles.length === 0 ? 'a person needs at least one role' : undefined)
  if (refusal !== undefined) throw new TitianError('bad-request', refusal)
  const id = newId('acc')
  const first = await firstPassword(passwords, id)
  const sealed = { name: vault.seal(Buffer.from(name), accountPlace(id, 'name')), nameIndex: nameIndex(vault, name) }
  await inTransaction(db, async (tx) => {
    if (!(await insertAccount(tx, { id, ...sealed, roles, password: first })))
      throw new TitianError('bad-request', `there is somebody called ${name} already`)
    await appendAudit(tx, { actor: by, action: 'account.added', object: id, shown: { roles: roles.join(' ') } })
  })
  return { id, password: first.password }
}

/** All persons, the oldest first. */
export async function listPeople({ db, vault }: Pick<PeopleDeps, 'db' | 'vault'>): Promise<ListedPerson[]> {
  return (await listAccounts(db)).map((account) => ({
    id: account.id,
    name: openName(vault, account),
    roles: account.roles,
    state: account.disabledAt !== null ? 'disabled' : account.firstUntil !== null ? 'first password' : 'enabled',
    by: account.isForeign ? 'oidc' : 'password',
    signed_in_at: account.signedInAt?.toISOString() ?? null,
  }))
}

/** Shuts a person out, or lets them in again; all their sessions end. Throws `not-found` where it is so already. */
export async function disablePerson(
  deps: PeopleDeps,
  { name, isDisabled, by }: { name: string; isDisabled: boolean; by: string },
): Promise<AccountId> {
  return withPerson(deps, name, async (tx, { id }) => {
    if (!(await setDisabled(tx, id, isDisabled)))
      throw new TitianError('not-found', `${name} is ${isDisabled ? 'disabled' : 'enabled'} already`)
    await deleteSessionsOf(tx, id)
    await appendAudit(tx, { actor: by, action: isDisabled ? 'account.disabled' : 'account.enabled', object: id })
    return id
  })
}

/** Gives a person other roles, from their next request on. Throws `not-found`, and `bad-request` where another provider says them. */
export async function changeRoles(
  deps: PeopleDeps,
  { name, roles, by }: { name: string; roles: readonly PersonRole[]; by: string },
): Promise<AccountId> {
  return withPerson(deps, name, async (tx, { id, isForeign }) => {
    if (isForeign) throw new TitianError('bad-request', `the roles of ${name} are what another provider says`)
    await setRoles(tx, id, roles)
    await appendAudit(tx, { actor: by, action: 'account.roles', object: id, shown: { roles: roles.join(' ') } })
    return id
  })
}

/** A first password anew, for who has lost password or second factor; all their sessions end. Throws `not-found`. */
export async function resetPerson(
  deps: PeopleDeps,
  { name, by }: { name: string; by: string },
): Promise<{ id: AccountId; password: string }> {
  return withPerson(deps, name, async (tx, { id, isForeign }) => {
    if (isForeign) throw new TitianError('bad-request', `${name} signs in at another provider, which resets passwords`)
    const first = await firstPassword(deps.passwords, id)
    await setPassword(tx, id, first)
    await setTotp(tx, id, null)
    await deleteSessionsOf(tx, id)
    await appendAudit(tx, { actor: by, action: 'account.reset', object: id })
    return { id, password: first.password }
  })
}

async function firstPassword(passwords: Pick<Passwords, 'store'>, id: AccountId) {
  const password = newFirstPassword()
  const firstUntil = new Date(Date.now() + FIRST_DAYS * DAY_MS)
  return { password, ...(await passwords.store(id, password)), firstUntil }
}

/** By the name, or by the id, which is how those are found whom another provider knows. */
function withPerson<T>(
  { db, vault }: PeopleDeps,
  name: string,
  work: (tx: PoolClient, account: AccountRow) => Promise<T>,
): Promise<T> {
  return inTransaction(db, async (tx) => {
    const isId = name.startsWith(ACCOUNT_PREFIX)
    const account = isId ? await readAccount(tx, name as AccountId) : await findAccount(tx, nameIndex(vault, name))
    if (account === undefined) throw new TitianError('not-found', `nobody is called ${name}`)
    return work(tx, account)
  })
}
