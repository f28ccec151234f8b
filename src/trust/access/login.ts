import type { Db } from '../../io/postgres/postgres.ts'
import type { Vault } from '../keys/vault.ts'
import { createAttempts } from './attempts.ts'
import { type ClientRow, findEnabledClient } from './client.sql.ts'
import { CLIENT_ID, isClientSecret } from './client.ts'

export type LoginAnswer =
  | { is: 'known'; client: ClientRow }
  | { is: 'refused' }
  | { is: 'too-many'; retryAfterSeconds: number }

/** Checks a client's id and secret for a caller at an address. */
export type Login = (id: string, secret: string, address: string) => Promise<LoginAnswer>

// Nobody guesses 256 random bits: the limits tell a broken client to slow down, and bound what the log hears of it. A secret that
// is right is never refused for what others did, since many clients share the address of one proxy.
const WINDOW_SECONDS = 60
const FAILURES_PER_CLIENT = 10
const FAILURES_PER_ADDRESS = 50
const NAMES = 10_000

/** The one place that checks secrets, with its own memory of failures. */
export function createLogin(db: Db, vault: Vault, clock: () => number = Date.now): Login {
  const byClient = createAttempts(FAILURES_PER_CLIENT, WINDOW_SECONDS, NAMES)
  const byAddress = createAttempts(FAILURES_PER_ADDRESS, WINDOW_SECONDS, NAMES)
  return async (id, secret, address) => {
    const now = clock()
    const isId = CLIENT_ID.test(id)
    const pair = `${address} ${isId ? id : ''}`
    const retryAfterSeconds = Math.max(byClient.wait(pair, now), byAddress.wait(address, now))
    const isCounted = retryAfterSeconds === 0
    if (isCounted) {
      byClient.count(pair, now)
      byAddress.count(address, now)
    }
    const client = isId ? await findEnabledClient(db, id) : undefined
    const isRight = isClientSecret(vault, id, secret, client?.secret_hash)
    // The profile fapi takes no secret, even if a row should have one.
    if (client?.profile === 'usual' && isRight) {
      if (isCounted) {
        byClient.forgive(pair)
        byAddress.forgive(address)
      }
      return { is: 'known', client }
    }
    return isCounted ? { is: 'refused' } : { is: 'too-many', retryAfterSeconds }
  }
}
