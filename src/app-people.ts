import type { Pool } from 'pg'
import type { Config } from './config.ts'
import { TitianError } from './domain/error.ts'
import { publicUrlOf } from './trust/access/public-url.ts'
import type { Vault } from './trust/keys/vault.ts'
import type { SessionLimits } from './trust/people/account-session.sql.ts'
import { createPasswords, type Passwords } from './trust/people/password.ts'
import { createPeopleSessions } from './trust/people/people-sessions.ts'
import { openProvider } from './trust/people/provider.client.ts'
import { readProvider } from './trust/people/provider-settings.file.ts'
import { readRoleMap } from './trust/people/role-map.ts'
import { createSignIn } from './trust/people/sign-in.db.ts'

type PeopleNeeds = { config: Config; publicUrl: string; db: Pool; vault: Vault; passwords?: Passwords | undefined }

/** What lets persons in at the console. */
export function peopleParts(needs: PeopleNeeds) {
  const { config, db, vault, passwords = createPasswords(vault) } = needs
  const publicUrl = consoleUrlOf(needs)
  const provider = readProvider(config)
  return {
    provider: provider && openProvider(provider),
    rolesOf: readRoleMap(config.OIDC_ROLES),
    passwords,
    signIn: createSignIn(db, vault, passwords),
    peopleSessions: createPeopleSessions(db, vault, { publicUrl, limits: sessionLimits(config) }),
  }
}

/** What the listener of the API serves: the console too, unless that has one of its own. */
export function servedBeside({ CONSOLE_PORT }: Pick<Config, 'CONSOLE_PORT'>): 'everything' | 'api' {
  return CONSOLE_PORT === undefined ? 'everything' : 'api'
}

/** The address that persons know the console by; throws `config-invalid` where it is named without a listener of its own. */
export function consoleUrlOf({ config, publicUrl }: { config: Config; publicUrl: string }): string {
  const { CONSOLE_PORT, CONSOLE_HOST, CONSOLE_URL, HOST, TLS_CERT_FILE } = config
  if (CONSOLE_PORT === undefined) {
    if (CONSOLE_URL === undefined && CONSOLE_HOST === undefined) return publicUrl
    throw new TitianError('config-invalid', 'CONSOLE_URL and CONSOLE_HOST are for a console with a CONSOLE_PORT')
  }
  const isTls = TLS_CERT_FILE !== undefined
  return publicUrlOf(CONSOLE_URL, { host: CONSOLE_HOST ?? HOST, port: CONSOLE_PORT, isTls })
}

/** How long sessions of persons live. */
export function sessionLimits(config: Pick<Config, 'CONSOLE_IDLE_MINUTES' | 'CONSOLE_SESSION_HOURS'>): SessionLimits {
  return { idleMinutes: config.CONSOLE_IDLE_MINUTES, hours: config.CONSOLE_SESSION_HOURS }
}
