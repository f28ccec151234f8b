import { randomBytes } from 'node:crypto'
import type { AccountId } from '../../domain/ids.ts'
import type { Db } from '../../io/postgres/postgres.ts'
import type { PersonDoor, SignedIn } from '../access/person-door.ts'
import type { Vault } from '../keys/vault.ts'
import { openName } from './account.ts'
import {
  deleteAccountSession,
  findAccountSession,
  insertAccountSession,
  type SessionLimits,
} from './account-session.sql.ts'
import { rightsOfRoles } from './roles.ts'

/** Sessions of persons: a cookie of 256 random bits, of which the database knows the blind index only. */
export type PeopleSessions = PersonDoor & {
  /** Begins a session in place of the one that the header names, if any; gives the cookie to set. */
  begin(account: AccountId, header: string | undefined, isFirst?: boolean): Promise<string>
  /** Who signed in by a first password, and sets up the account. */
  findFirst(header: string | undefined): Promise<SignedIn | undefined>
  /** Ends it; gives the cookie that a browser forgets the other one by. */
  end(header: string | undefined): Promise<string>
}

const TOKEN = /^[A-Za-z0-9_-]{43}$/

/** `publicUrl` tells the path that the cookie is for, and whether it goes over https only. */
export function createPeopleSessions(
  db: Db,
  vault: Pick<Vault, 'index' | 'open'>,
  { publicUrl, limits }: { publicUrl: string; limits: SessionLimits },
): PeopleSessions {
  const { protocol, pathname } = new URL(publicUrl)
  const path = `${pathname.replace(/\/+$/, '')}/`
  const isSecure = protocol === 'https:'
  // Browsers take a name with this prefix from this very host alone, so that no neighbour of the domain can plant a session.
  const name = `${isSecure ? (path === '/' ? '__Host-' : '__Secure-') : ''}titian_console`
  // Lax, lest a link in a message about an alert leads to the sign-in: what changes anything is a form of this very site.
  const cookie = (value: string, seconds: number) =>
    `${name}=${value}; Path=${path}; Max-Age=${seconds}; HttpOnly; SameSite=Lax${isSecure ? '; Secure' : ''}`
  const indexOf = (token: string) => vault.index('secret', `account-session\n${token}`)

  function tokenIn(header: string | undefined): string | undefined {
    const pair = (header ?? '').split(';').find((one) => one.trim().startsWith(`${name}=`))
    const token = pair?.slice(pair.indexOf('=') + 1).trim()
    return token !== undefined && TOKEN.test(token) ? token : undefined
  }

  async function found(header: string | undefined, isUse: boolean, isFirst: boolean): Promise<SignedIn | undefined> {
    const token = tokenIn(header)
    if (token === undefined) return undefined
    const session = await findAccountSession(db, indexOf(token), limits, isUse)
    if (session === undefined || session.isFirst !== isFirst) return undefined
    return { account: session.id, name: openName(vault, session), rights: rightsOfRoles(session.roles) }
  }

  async function forget(header: string | undefined): Promise<void> {
    const token = tokenIn(header)
    if (token !== undefined) await deleteAccountSession(db, indexOf(token))
  }

  return {
    async begin(account, header, isFirst = false) {
      await forget(header)
      const token = randomBytes(32).toString('base64url')
      await insertAccountSession(db, { index: indexOf(token), account, isFirst })
      return cookie(token, limits.hours * 3600)
    },
    find: (header, isUse) => found(header, isUse, false),
    findFirst: (header) => found(header, true, true),
    async end(header) {
      await forget(header)
      return cookie('', 0)
    },
  }
}
