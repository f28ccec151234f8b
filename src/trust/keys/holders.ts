import type { KeyRing, SigningKey } from './keyring.ts'

/** Who is given keys, and by which of them it may sign; what it need not sign by, it holds the public half of. */
export const KEY_HOLDERS = {
  gateway: { tokens: true, deliveries: false },
  worker: { tokens: false, deliveries: true },
  cleaner: { tokens: false, deliveries: false },
} as const satisfies Record<string, Record<'tokens' | 'deliveries', boolean>>
export type RingHolder = keyof typeof KEY_HOLDERS

/** A ring with the private halves that a holder signs by, and no other; keys that seal and index stay. */
export function ringFor(holder: RingHolder, ring: KeyRing): KeyRing {
  const { tokens, deliveries } = KEY_HOLDERS[holder]
  return {
    ...ring,
    tokens: tokens ? ring.tokens : publicHalves(ring.tokens),
    deliveries: deliveries ? ring.deliveries : publicHalves(ring.deliveries),
  }
}

/** Whether any of the keys can sign: a process that was given public halves alone leaves signing to others. */
export function canSign(keys: readonly SigningKey[]): boolean {
  return keys.some(({ d }) => d !== undefined)
}

function publicHalves(keys: readonly SigningKey[]): SigningKey[] {
  return keys.map(({ kid, from, x }) => ({ kid, from, x }))
}
