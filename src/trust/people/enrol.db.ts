import type { Pool } from 'pg'
import type { AccountId } from '../../domain/ids.ts'
import { inTransaction } from '../../io/postgres/postgres.ts'
import { appendAudit } from '../audit/audit.sql.ts'
import type { Vault } from '../keys/vault.ts'
import { putRecovery, readAccount, setPassword, useTotpStep } from './account.sql.ts'
import { openName } from './account.ts'
import { deleteSessionsOf } from './account-session.sql.ts'
import { newRecoveryCodes, type Passwords, recoveryDigest, refusePassword } from './password.ts'
import { openTotp } from './sign-in.db.ts'
import { totpStepOf } from './totp.ts'

export type EnrolDeps = {
  db: Pool
  vault: Pick<Vault, 'index' | 'open'>
  passwords: Pick<Passwords, 'store' | 'isRight'>
}

/** Why an account is not set up as given: a word of the form. */
export type EnrolRefusal = 'short' | 'long' | 'simple' | 'unequal' | 'code' | 'wrong'

export type Chosen = { password: string; again: string; code: string }
export type Enrolled = { is: 'done'; recovery: string[] } | { is: 'refused'; why: EnrolRefusal }

/** The secret that an authenticator app is to be given, while the account is being set up; undefined afterwards. */
export async function readFirstTotp(
  { db, vault }: Pick<EnrolDeps, 'db' | 'vault'>,
  id: AccountId,
): Promise<{ name: string; secret: Buffer } | undefined> {
  const account = await readAccount(db, id)
  if (!account?.totp || account.firstUntil === null) return undefined
  return { name: openName(vault, account), secret: openTotp(vault, id, account.totp) }
}

/**
 * Sets a password of one's own, and proves the second factor. All sessions of the person end; the recovery codes are shown this
 * once. `current` is wanted where the account is set up already.
 */
export async function choosePassword(
  { db, vault, passwords }: EnrolDeps,
  id: AccountId,
  { password, again, code }: Chosen,
  { current, now }: { current?: string; now: number },
): Promise<Enrolled> {
  const refused = (why: EnrolRefusal): Enrolled => ({ is: 'refused', why })
  const account = await readAccount(db, id)
  if (!account?.totp || account.salt === null || account.digest === null) return refused('wrong')
  const { salt, digest } = account
  const isFirst = account.firstUntil !== null
  if (!isFirst && !(await passwords.isRight(id, current ?? '', { salt, digest }))) return refused('wrong')
  const unfit = refusePassword(password, openName(vault, account))
  if (unfit !== undefined) return refused(unfit)
  if (password !== again) return refused('unequal')
  const step = totpStepOf(openTotp(vault, id, account.totp), code.replace(/\s/g, ''), now)
  if (step === undefined) return refused('code')
  const stored = await passwords.store(id, password)
  const recovery = newRecoveryCodes()
  return inTransaction(db, async (tx) => {
    if (!(await useTotpStep(tx, id, step))) return refused('code')
    // Who was reset meanwhile begins anew.
    if (!(await setPassword(tx, id, { ...stored, firstUntil: null }, digest))) return refused('wrong')
    await putRecovery(
      tx,
      id,
      recovery.map((one) => recoveryDigest(vault, id, one)),
    )
    await deleteSessionsOf(tx, id)
    const action = isFirst ? 'account.set-up' : 'account.password'
    await appendAudit(tx, { actor: id, action, object: id })
    return { is: 'done', recovery }
  })
}
