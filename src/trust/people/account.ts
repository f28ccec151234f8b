import type { AccountId } from '../../domain/ids.ts'
import { aad, type Vault } from '../keys/vault.ts'
import { ACCOUNT_PREFIX } from './two-persons.ts'

/** An account as the database knows it; its name and its second factor are sealed. */
export type AccountRow = {
  id: AccountId
  name: Buffer
  roles: string[]
  salt: Buffer | null
  digest: Buffer | null
  /** Until when a first password counts; null where the person chose their own. */
  firstUntil: Date | null
  totp: Buffer | null
  isForeign: boolean
  createdAt: Date
  signedInAt: Date | null
  disabledAt: Date | null
}

/** A person as they are listed. */
export type ListedPerson = {
  id: AccountId
  name: string
  roles: string[]
  state: 'enabled' | 'first password' | 'disabled'
  /** Where the password lies: here, or at another provider. */
  by: 'password' | 'oidc'
  signed_in_at: string | null
}

/** What a person signs in by: letters, digits and `. - _ @`, so that it is typed the same everywhere. */
export const ACCOUNT_NAME = /^[a-z0-9][a-z0-9._@-]{1,79}$/

/** Why an account cannot have a name, in a sentence; undefined when it can. */
export function refuseName(name: string): string | undefined {
  if (!ACCOUNT_NAME.test(name)) return 'a name is 2 to 80 lower-case letters, digits and . - _ @'
  if (name.startsWith(ACCOUNT_PREFIX)) return `names that begin with ${ACCOUNT_PREFIX} are ids of accounts`
  return /[a-z]/.test(name) ? undefined : 'a name has at least one letter'
}

/** Where values of an account are sealed. */
export function accountPlace(id: string, field: 'name' | 'totp'): string {
  return aad('titian', 'account', id, field)
}

/** The name of a person, for their own eyes and those of who looks after accounts. */
export function openName(vault: Pick<Vault, 'open'>, { id, name }: Pick<AccountRow, 'id' | 'name'>): string {
  return vault.open(name, accountPlace(id, 'name')).toString('utf8')
}

/** By what an account is found. */
export function nameIndex(vault: Pick<Vault, 'index'>, name: string): Buffer {
  return vault.index('secret', `account\n${name}`)
}
