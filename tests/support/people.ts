import { randomBytes } from 'node:crypto'
import type pg from 'pg'
import { newId } from '../../src/io/ids.ts'
import type { Vault } from '../../src/trust/keys/vault.ts'
import { insertAccount } from '../../src/trust/people/account.sql.ts'
import { accountPlace, nameIndex } from '../../src/trust/people/account.ts'
import { createPasswords } from '../../src/trust/people/password.ts'
import { createPeopleSessions } from '../../src/trust/people/people-sessions.ts'
import type { PersonRole } from '../../src/trust/people/roles.ts'

/** Hashes passwords at next to no cost. */
export const cheapPasswords = (vault: Pick<Vault, 'index'>) => createPasswords(vault, { N: 16, r: 1, p: 1 })

/** Base 32 (RFC 4648) back into bytes. */
export function bytesOfBase32(text: string): Buffer {
  const signs = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'
  const bits = [...text].map((sign) => signs.indexOf(sign).toString(2).padStart(5, '0')).join('')
  return Buffer.from((bits.match(/.{8}/g) ?? []).map((byte) => Number.parseInt(byte, 2)))
}

/** How long sessions of tests live. */
export const LIMITS = { idleMinutes: 30, hours: 10 }

type At = { db: pg.Pool; vault: Vault; publicUrl: string }

/** A person of these roles who has signed in: the account, and the `Cookie` header of the session. */
export async function signedIn({ db, vault, publicUrl }: At, roles: readonly PersonRole[], name = newId('acc')) {
  const id = newId('acc')
  const sealed = vault.seal(Buffer.from(name), accountPlace(id, 'name'))
  await insertAccount(db, {
    ...{ id, roles, name: sealed, nameIndex: nameIndex(vault, name) },
    subjectIndex: randomBytes(16),
  })
  const set = await createPeopleSessions(db, vault, { publicUrl, limits: LIMITS }).begin(id, undefined)
  return { id, name, cookie: set.split(';')[0] ?? '' }
}

/** The same session as a browser keeps it, for Playwright's `storageState`. */
export function storageOf(url: string, { cookie }: { cookie: string }) {
  const [name = '', value = ''] = cookie.split('=')
  return { cookies: [{ name, value, ...COOKIE, domain: new URL(url).hostname }], origins: [] }
}

const COOKIE = { path: '/', expires: -1, httpOnly: true, secure: false, sameSite: 'Lax' as const }
