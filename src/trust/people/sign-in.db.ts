import { randomBytes } from 'node:crypto'
import type { Pool } from 'pg'
import type { AccountId } from '../../domain/ids.ts'
import { inTransaction } from '../../io/postgres/postgres.ts'
import { createAttempts } from '../access/attempts.ts'
import { appendAudit } from '../audit/audit.sql.ts'
import type { Vault } from '../keys/vault.ts'
import { findAccount, noteSignedIn, setTotp, useRecovery, useTotpStep } from './account.sql.ts'
import { ACCOUNT_NAME, type AccountRow, accountPlace, nameIndex } from './account.ts'
import { type Passwords, recoveryDigest } from './password.ts'
import { TOTP_BYTES, totpStepOf } from './totp.ts'

/** Why nobody is let in, for the log; the page says the same of all. */
type SignInReason = 'unknown' | 'password' | 'disabled' | 'first-ended' | 'code' | 'code-used'

type SignInAnswer =
  | { is: 'known'; account: AccountId }
  /** By a first password: the account is to be set up. */
  | { is: 'first'; account: AccountId }
  | { is: 'refused'; reason: SignInReason; account?: AccountId }
  | { is: 'too-many'; retryAfterSeconds: number }

/** What somebody typed, and from where. */
type SignInTry = { name: string; password: string; code: string; address: string }

export type SignIn = (given: SignInTry) => Promise<SignInAnswer>

const WINDOW_SECONDS = 60
// Passwords can be guessed, and each guess costs a hash: after these in a minute not even the right one is let in, from that
// address, or by that name at all. The second factor bounds what slow guessing could reach. The limit of an address bounds what
// hashes of made-up names cost.
const FAILURES_PER_PAIR = 10
const FAILURES_PER_NAME = 30
const FAILURES_PER_ADDRESS = 100
const NAMES = 10_000
const CODE = /^\d{6}$/

/** The one place that checks passwords and codes of persons, with its own memory of failures. */
export function createSignIn(
  db: Pool,
  vault: Pick<Vault, 'index' | 'open' | 'seal'>,
  passwords: Pick<Passwords, 'isRight'>,
  clock: () => number = Date.now,
): SignIn {
  const byPair = createAttempts(FAILURES_PER_PAIR, WINDOW_SECONDS, NAMES)
  const byName = createAttempts(FAILURES_PER_NAME, WINDOW_SECONDS, NAMES)
  const byAddress = createAttempts(FAILURES_PER_ADDRESS, WINDOW_SECONDS, NAMES)

  return async (given) => {
    const now = clock()
    const name = given.name.trim().toLowerCase()
    const isName = ACCOUNT_NAME.test(name)
    const who = isName ? name : ''
    const counted = [
      [byPair, `${given.address} ${who}`],
      [byName, who],
      [byAddress, given.address],
    ] as const
    const retryAfterSeconds = Math.max(...counted.map(([attempts, of]) => attempts.wait(of, now)))
    if (retryAfterSeconds > 0) return { is: 'too-many', retryAfterSeconds }
    for (const [attempts, of] of counted) attempts.count(of, now)
    const answer = await check(isName ? await findAccount(db, nameIndex(vault, name)) : undefined, given, now)
    if (answer.is === 'refused') return answer
    for (const [attempts, of] of counted) attempts.forgive(of)
    return answer
  }

  async function check(account: AccountRow | undefined, given: SignInTry, now: number): Promise<SignInAnswer> {
    const { salt = null, digest = null } = account ?? {}
    const stored = salt && digest ? { salt, digest } : undefined
    const isRight = await passwords.isRight(account?.id ?? '', given.password, stored)
    if (account === undefined) return { is: 'refused', reason: 'unknown' }
    const refused = (reason: SignInReason) => ({ is: 'refused', reason, account: account.id }) as const
    if (!isRight) return refused('password')
    if (account.disabledAt !== null) return refused('disabled')
    if (account.firstUntil !== null) {
      if (account.firstUntil.getTime() <= now) return refused('first-ended')
      // Drawn anew each time: what an earlier, broken-off beginning showed is worth nothing.
      await setTotp(db, account.id, vault.seal(randomBytes(TOTP_BYTES), accountPlace(account.id, 'totp')))
      return { is: 'first', account: account.id }
    }
    return inTransaction(db, async (tx) => {
      const code = given.code.replace(/\s/g, '')
      const isCode = CODE.test(code)
      if (isCode) {
        const step = account.totp && totpStepOf(openTotp(vault, account.id, account.totp), code, now)
        if (step === null || step === undefined) return refused('code')
        if (!(await useTotpStep(tx, account.id, step))) return refused('code-used')
      } else if (!(await useRecovery(tx, account.id, recoveryDigest(vault, account.id, code)))) return refused('code')
      await noteSignedIn(tx, account.id)
      const shown = { by: isCode ? 'code' : 'recovery code' }
      await appendAudit(tx, { actor: account.id, action: 'account.signed-in', object: account.id, shown })
      return { is: 'known', account: account.id }
    })
  }
}

/** The secret of a second factor. */
export function openTotp(vault: Pick<Vault, 'open'>, id: AccountId, totp: Buffer): Buffer {
  return vault.open(totp, accountPlace(id, 'totp'))
}
