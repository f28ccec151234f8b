import { randomBytes } from 'node:crypto'
import { readFile, rename, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type pg from 'pg'
import { TitianError } from '../../domain/error.ts'
import type { AccountId } from '../../domain/ids.ts'
import type { Vault } from '../../trust/keys/vault.ts'
import { findAccount, setTotp } from '../../trust/people/account.sql.ts'
import { accountPlace, nameIndex } from '../../trust/people/account.ts'
import { choosePassword } from '../../trust/people/enrol.db.ts'
import { createPasswords, newFirstPassword } from '../../trust/people/password.ts'
import { addPerson, type PeopleDeps, resetPerson } from '../../trust/people/people.db.ts'
import { TOTP_BYTES, totpCode, totpStep } from '../../trust/people/totp.ts'

/** What `titian up` keeps of the person that it makes, so that nobody needs a phone to look at a Titian of their own. */
export type LocalPerson = { name: string; password: string; totp: string }

const NAME = 'petugas'
const SETUP = 'titian'

/** Where `titian up` notes how its person signs in. */
export function peopleFile(data: string): string {
  return join(data, 'people.json')
}

/** The person that `titian up` made. Throws `config-invalid` where there is none. */
export async function readLocalPerson(data: string): Promise<LocalPerson> {
  const file = peopleFile(data)
  const text = await readFile(file, 'utf8').catch(() => undefined)
  if (text === undefined)
    throw new TitianError('config-invalid', `${file} cannot be read: titian up makes it, for a person of its own`)
  return JSON.parse(text) as LocalPerson
}

/** Makes a first person with every role but the viewer's, who has set up their account, and notes how they sign in; once. Gives the account. */
export async function makeFirstPerson({ db, vault }: { db: pg.Pool; vault: Vault }, data: string): Promise<AccountId> {
  const known = await readLocalPerson(data).catch(() => undefined)
  const there = known && (await findAccount(db, nameIndex(vault, known.name)))
  if (there !== undefined) return there.id
  const deps = { db, vault, passwords: createPasswords(vault) }
  const id = await freshAccount(deps)
  const secret = randomBytes(TOTP_BYTES)
  await setTotp(db, id, vault.seal(secret, accountPlace(id, 'totp')))
  const person: LocalPerson = { name: NAME, password: newFirstPassword(), totp: secret.toString('base64url') }
  const now = Date.now()
  // The code of the step before, so that the present one is still to be used.
  const chosen = { password: person.password, again: person.password, code: totpCode(secret, totpStep(now) - 1) }
  const done = await choosePassword(deps, id, chosen, { now })
  if (done.is === 'refused') throw new Error(`the first person cannot be made: ${done.why}`)
  const file = peopleFile(data)
  await writeFile(`${file}.new`, `${JSON.stringify(person, null, 2)}\n`, { mode: 0o600 })
  await rename(`${file}.new`, file)
  return id
}

/** A start that was killed before the file was written left an account whose password nobody knows. */
async function freshAccount(deps: PeopleDeps) {
  const isThere = (await findAccount(deps.db, nameIndex(deps.vault, NAME))) !== undefined
  const made = isThere
    ? await resetPerson(deps, { name: NAME, by: SETUP })
    : await addPerson(deps, { name: NAME, roles: ['ops', 'steward', 'auditor'], by: SETUP })
  return made.id
}
