import { createHmac } from 'node:crypto'
import { aad } from '../trust/keys/vault.ts'

const SECRET_BYTES = 32
const PREFIX = 'whsec_'

/** A webhook's secret as it is shown, of 32 random bytes: `whsec_` and base64. */
export function drawSecret(random: Buffer): string {
  if (random.length !== SECRET_BYTES) throw new Error(`a secret is of ${SECRET_BYTES} bytes`)
  return PREFIX + random.toString('base64')
}

/** A message to be signed; the time is in whole seconds. */
export type SignedMessage = { id: string; seconds: number; body: string }

/** The headers of Standard Webhooks: one `v1` signature (HMAC-SHA-256) for each secret, so that two overlap. */
export function signWebhook({ id, seconds, body }: SignedMessage, secrets: readonly string[]) {
  const signatures = secrets.map((secret) => {
    const key = Buffer.from(secret.slice(PREFIX.length), 'base64')
    return `v1,${createHmac('sha256', key).update(`${id}.${seconds}.${body}`).digest('base64')}`
  })
  return { 'webhook-id': id, 'webhook-timestamp': String(seconds), 'webhook-signature': signatures.join(' ') }
}

/** Where a webhook's secret is stored, as the vault binds it. */
export function secretPlace(platform: string, name: string): string {
  return aad(platform, 'webhook', name, 'secret')
}
