import { timingSafeEqual } from 'node:crypto'
import type { Vault } from '../../keys/vault.ts'

const MINUTE = 60_000
const MINUTES = 5

/** Nonces for DPoP proofs (RFC 9449, 8): they say their minute, so that every gateway knows them and none keeps a list. */
export type Nonces = {
  current(now: Date): string
  /** Whether a nonce was given out within the last minutes. */
  isOurs(nonce: string, now: Date): boolean
}

export function createNonces(vault: Pick<Vault, 'index'>): Nonces {
  const nonceOf = (minute: number) =>
    `${minute.toString(36)}.${vault.index('secret', `dpop\n${minute}`).toString('base64url')}`
  const minuteOf = (now: Date) => Math.floor(now.getTime() / MINUTE)
  return {
    current: (now) => nonceOf(minuteOf(now)),
    isOurs(nonce, now) {
      const minute = Number.parseInt(nonce.split('.')[0] ?? '', 36)
      // The clock of the gateway that gave it may be a minute ahead of ours.
      const isNear = Math.abs(minuteOf(now) - minute) <= MINUTES
      const expected = Buffer.from(nonceOf(isNear ? minute : 0))
      const given = Buffer.from(nonce)
      return isNear && given.length === expected.length && timingSafeEqual(given, expected)
    },
  }
}
