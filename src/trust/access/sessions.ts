import { randomBytes } from 'node:crypto'
import type { Db } from '../../io/postgres/postgres.ts'
import type { Vault } from '../keys/vault.ts'
import { deleteSession, insertSession, SESSION, touchSession } from './session.sql.ts'

/** Sessions of browsers: the name is a cookie of 256 random bits, of which the database knows the blind index only. */
export type Sessions = {
  /** Begins a session of a client; gives the cookie to set. */
  begin(client: string): Promise<string>
  /** The session that a `Cookie` header names, if it lives. */
  find(header: string | undefined): Promise<{ client: string; csrf: string } | undefined>
  /** Ends it; gives the cookie that a browser forgets the other one by. */
  end(header: string | undefined): Promise<string>
}

const NAME = 'titian_portal'
const TOKEN = /^[A-Za-z0-9_-]{43}$/

/** `publicUrl` tells the path that the cookie is for, and whether it goes over https only. */
export function createSessions(db: Db, vault: Pick<Vault, 'index'>, publicUrl: string): Sessions {
  const { protocol, pathname } = new URL(publicUrl)
  const path = `${pathname.replace(/\/+$/, '')}/portal`
  const cookie = (value: string, seconds: number) =>
    `${NAME}=${value}; Path=${path}; Max-Age=${seconds}; HttpOnly; SameSite=Strict${protocol === 'https:' ? '; Secure' : ''}`
  const indexOf = (token: string) => vault.index('secret', `session\n${token}`)

  function tokenIn(header: string | undefined): string | undefined {
    const pair = (header ?? '').split(';').find((one) => one.trim().startsWith(`${NAME}=`))
    const token = pair?.slice(pair.indexOf('=') + 1).trim()
    return token !== undefined && TOKEN.test(token) ? token : undefined
  }

  return {
    async begin(client) {
      const token = randomBytes(32).toString('base64url')
      await insertSession(db, { index: indexOf(token), client, csrf: randomBytes(16).toString('base64url') })
      return cookie(token, SESSION.hours * 3600)
    },
    async find(header) {
      const token = tokenIn(header)
      return token === undefined ? undefined : touchSession(db, indexOf(token))
    },
    async end(header) {
      const token = tokenIn(header)
      if (token !== undefined) await deleteSession(db, indexOf(token))
      return cookie('', 0)
    },
  }
}
