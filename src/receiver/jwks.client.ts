import type { KeyObject } from 'node:crypto'
import { ProxyAgent, request } from 'undici'
import { publicKey } from '../trust/keys/signing-keys.ts'

/** The public keys of the gateway, those for tokens too, as far as they are known here. */
export type KeySource = {
  find(keyid: string): KeyObject | undefined
  /** Looks for keys that are not known yet; does nothing when it has just looked. */
  refresh(): Promise<void>
}

const PAUSE_MS = 2000
const DEADLINE_MS = 5000
const MOST_BYTES = 256 * 1024

/** The keys that a gateway publishes, asked for through a proxy if one is named; fetched when a signature names one that is not known. */
export function keysFrom(url: string, proxy?: string): KeySource {
  let keys = new Map<string, KeyObject>()
  let lookedAt = Number.NEGATIVE_INFINITY
  return {
    find: (keyid) => keys.get(keyid),
    async refresh() {
      // A stranger's key ids must not make us knock at the gateway's door for each.
      if (performance.now() - lookedAt < PAUSE_MS) return
      lookedAt = performance.now()
      keys = await fetchKeys(url, proxy)
    },
  }
}

async function fetchKeys(url: string, proxy?: string): Promise<Map<string, KeyObject>> {
  const through = proxy ? { dispatcher: new ProxyAgent({ uri: proxy, proxyTunnel: url.startsWith('https:') }) } : {}
  const { statusCode, body } = await request(url, { ...through, signal: AbortSignal.timeout(DEADLINE_MS) })
  const text = await body.text()
  await through.dispatcher?.close()
  if (statusCode !== 200 || text.length > MOST_BYTES) throw new Error(`no keys at ${url}: status ${statusCode}`)
  return keysOf(JSON.parse(text))
}

/** The Ed25519 keys of a JWKS, by key id; other kinds are passed over. */
function keysOf(jwks: { keys: readonly { kid?: string; crv?: string; x?: string }[] }): Map<string, KeyObject> {
  const keys = new Map<string, KeyObject>()
  for (const { kid, crv, x } of jwks.keys)
    if (kid !== undefined && crv === 'Ed25519' && x !== undefined) keys.set(kid, publicKey(x))
  return keys
}
