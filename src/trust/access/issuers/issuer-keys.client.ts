import { readFile } from 'node:fs/promises'
import { createLocalJWKSet, errors, type JSONWebKeySet, type JWTVerifyGetKey } from 'jose'
import { ProxyAgent, request } from 'undici'
import { TitianError } from '../../../domain/error.ts'
import { isSigningKey } from '../proof/client-keys.ts'

const DEADLINE_MS = 5000
const MOST_BYTES = 256 * 1024
const MOST_KEYS = 50
/** Between two looks: tokens that name keys of nobody make us ask no more often. */
const PAUSE_MS = 30_000
/** Keys that the issuer took away are forgotten after so long. */
const KEPT_MS = 600_000

/**
 * The public keys of an issuer, from an address or a file: fetched when they are first needed, every ten minutes after that, and at most
 * each half minute for a key that is not known. What cannot be fetched leaves the keys as they are. `clock` is in milliseconds.
 */
export function issuerKeys(
  source: string,
  { proxy, clock = () => performance.now() }: { proxy?: string | undefined; clock?: () => number } = {},
): JWTVerifyGetKey {
  let find: JWTVerifyGetKey | undefined
  let fetchedAt = Number.NEGATIVE_INFINITY
  let lookedAt = Number.NEGATIVE_INFINITY
  let looking: Promise<void> | undefined

  async function look(): Promise<void> {
    try {
      find = createLocalJWKSet(usable(JSON.parse(await readSource(source, proxy))))
      fetchedAt = clock()
    } catch (cause) {
      if (find === undefined) throw new TitianError('unavailable', 'the keys of an issuer cannot be fetched', { cause })
    } finally {
      looking = undefined
    }
  }

  /** Whether the keys were looked at anew. Who comes while somebody looks waits for the same answer. */
  async function refresh(): Promise<boolean> {
    if (looking === undefined) {
      if (clock() - lookedAt < PAUSE_MS) return false
      lookedAt = clock()
      looking = look()
    }
    await looking
    return true
  }

  return async (header, token) => {
    if (find === undefined || clock() - fetchedAt > KEPT_MS) await refresh()
    if (find === undefined) throw new TitianError('unavailable', 'the keys of an issuer cannot be fetched')
    try {
      return await find(header, token)
    } catch (error) {
      if (!(error instanceof errors.JWKSNoMatchingKey) || !(await refresh())) throw error
      return find(header, token)
    }
  }
}

async function readSource(source: string, proxy: string | undefined): Promise<string> {
  if (!/^https?:\/\//.test(source)) return readFile(source, 'utf8')
  const through = proxy ? { dispatcher: new ProxyAgent({ uri: proxy, proxyTunnel: source.startsWith('https:') }) } : {}
  try {
    const { statusCode, body } = await request(source, { ...through, signal: AbortSignal.timeout(DEADLINE_MS) })
    const pieces: Buffer[] = []
    let bytes = 0
    for await (const piece of body) {
      bytes += (piece as Buffer).length
      if (bytes > MOST_BYTES) throw new Error('the keys of an issuer are too many')
      pieces.push(piece as Buffer)
    }
    if (statusCode !== 200) throw new Error(`no keys: status ${statusCode}`)
    return Buffer.concat(pieces).toString()
  } finally {
    await through.dispatcher?.close()
  }
}

/** The keys that may sign: public, with a name, and strong enough. */
function usable(given: { keys?: unknown }): JSONWebKeySet {
  const keys = Array.isArray(given.keys) ? given.keys.slice(0, MOST_KEYS) : []
  const signing = keys.filter((key) => typeof key?.kid === 'string' && key.use !== 'enc' && isSigningKey(key))
  if (signing.length === 0) throw new Error('an issuer has no key that signs')
  return { keys: signing } as JSONWebKeySet
}
