import type { Pool } from 'pg'
import type { Config } from './config.ts'
import type { Vault } from './trust/keys/vault.ts'
import type { SessionLimits } from './trust/people/account-session.sql.ts'
import { createPasswords, type Passwords } from './trust/people/password.ts'
import { createPeopleSessions } from './trust/people/people-sessions.ts'
import { createSignIn } from './trust/people/sign-in.db.ts'

type PeopleNeeds = { config: Config; db: Pool; vault: Vault; passwords?: Passwords | undefined }

/** What lets persons in at the console. */
export function peopleParts({ config, db, vault, passwords = createPasswords(vault) }: PeopleNeeds, publicUrl: string) {
  return {
    passwords,
    signIn: createSignIn(db, vault, passwords),
    peopleSessions: createPeopleSessions(db, vault, { publicUrl, limits: sessionLimits(config) }),
  }
}

/** How long sessions of persons live. */
export function sessionLimits(config: Pick<Config, 'CONSOLE_IDLE_MINUTES' | 'CONSOLE_SESSION_HOURS'>): SessionLimits {
  return { idleMinutes: config.CONSOLE_IDLE_MINUTES, hours: config.CONSOLE_SESSION_HOURS }
}
