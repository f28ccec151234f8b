import { type LookupAddress, type LookupOptions, lookup } from 'node:dns'
import { Agent, type Dispatcher, ProxyAgent } from 'undici'
import { within } from '../io/within.ts'
import { isCallable, type Networks } from './address.ts'
import { type Attempted, judgeAnswer } from './schedule.ts'
import { readTarget, type WebhookTarget } from './target.ts'

/** One message as it goes out. */
type Post = { url: string; headers: Readonly<Record<string, string>>; body: string }

/** Sends messages to webhooks; whatever happens on the wire is a value. */
export type Poster = {
  send(post: Post, signal: AbortSignal): Promise<Attempted | { is: 'aborted' }>
  close(): Promise<void>
}

export type PosterOptions = {
  networks: Networks
  /** Milliseconds for a whole call. */
  deadlineMs: number
  /** The proxy that an address is called through; undefined: directly. */
  proxyFor(url: URL): string | undefined
  /** How names are looked up; all addresses of a name. */
  resolve?: Resolve
}

/** Every address of a name, as `dns.lookup` has them with `all`. */
export type Resolve = (
  hostname: string,
  options: LookupOptions & { all: true },
  done: (error: Error | null, addresses: LookupAddress[]) => void,
) => void

const MOST_ANSWER_BYTES = 16 * 1024
const MOST_HEADER_BYTES = 16 * 1024
const CONNECT_MS = 10_000
// To one address as many as there are calls in all: webhooks of one host do not wait for each other.
const CONNECTIONS = 64
// Short, so that a name that points elsewhere is soon looked up anew.
const KEEP_MS = 4000
const CODE = /^[A-Za-z][A-Za-z0-9_-]{0,59}$/

/**
 * Opens the way to webhooks. Redirects are not followed and no answer is read beyond 16 KB. A name is judged by the very address that the
 * connection is made to, so that it cannot point elsewhere in between; a proxy looks names up itself, and is asked only for those that we find public.
 */
export function openPoster({ networks, deadlineMs, proxyFor, resolve = lookup }: PosterOptions): Poster {
  const limits = {
    connections: CONNECTIONS,
    headersTimeout: deadlineMs,
    bodyTimeout: deadlineMs,
    maxHeaderSize: MOST_HEADER_BYTES,
    keepAliveTimeout: KEEP_MS,
    keepAliveMaxTimeout: KEEP_MS,
    allowH2: false,
  }
  const direct = (reach: WebhookTarget['reach']) => {
    const guarded = guardedLookup(resolve, (address) => isCallable(address, networks, reach))
    return new Agent({ ...limits, connect: { timeout: Math.min(CONNECT_MS, deadlineMs), lookup: guarded } })
  }
  const ways: Record<WebhookTarget['reach'], Dispatcher> = { public: direct('public'), networks: direct('networks') }
  // One for each of two settings and two protocols, at most.
  const proxies = new Map<string, Dispatcher>()

  const proxyAt = (address: string, { url }: WebhookTarget): Dispatcher => {
    const known = proxies.get(url.protocol + address)
    if (known !== undefined) return known
    const made = new ProxyAgent({ ...limits, uri: address, proxyTunnel: url.protocol === 'https:' })
    proxies.set(url.protocol + address, made)
    return made
  }

  return {
    async send({ url, headers, body }, signal) {
      const target = readTarget(url, networks)
      if (typeof target === 'string') return failure(target)
      const deadline = AbortSignal.any([signal, AbortSignal.timeout(deadlineMs)])
      try {
        const proxy = proxyFor(target.url)
        if (proxy !== undefined && !(await within(deadlineMs, mayPass(target, resolve, networks))))
          return failure('address-private')
        const way = proxy === undefined ? ways[target.reach] : proxyAt(proxy, target)
        const answer = await way.request({
          origin: target.url.origin,
          path: target.url.pathname + target.url.search,
          method: 'POST',
          headers: { 'content-type': 'application/json', 'user-agent': 'Titian', ...headers },
          body,
          signal: deadline,
        })
        // What it says beside its status is nobody's: an answer that does not end, or is too long, is cut off.
        await answer.body.dump({ limit: MOST_ANSWER_BYTES, signal: deadline }).catch(() => undefined)
        const retryAfter = answer.headers['retry-after']
        return judgeAnswer(answer.statusCode, typeof retryAfter === 'string' ? retryAfter : undefined)
      } catch (error) {
        return signal.aborted ? { is: 'aborted' } : failure(codeOf(error))
      }
    },
    async close() {
      await Promise.all([...Object.values(ways), ...proxies.values()].map((way) => way.destroy()))
    },
  }
}

/**
 * Whether a proxy may be asked for a name: all of its addresses may be called, as we see them. Where we cannot look it up, the proxy answers for
 * what is public; what is not must be known to be ours.
 */
function mayPass({ hostname, reach }: WebhookTarget, resolve: Resolve, networks: Networks): Promise<boolean> {
  return new Promise((done) => {
    resolve(hostname, { all: true }, (error, addresses) => {
      if (error !== null) done(reach === 'public')
      else done(addresses.every(({ address }) => isCallable(address, networks, reach)))
    })
  })
}

/** A lookup that fails with `address-private` when any address of the name may not be called. */
function guardedLookup(resolve: Resolve, isAllowed: (address: string) => boolean) {
  return (
    hostname: string,
    options: LookupOptions,
    done: (error: Error | null, address: LookupAddress[] | string, family?: number) => void,
  ) => {
    resolve(hostname, { ...options, all: true }, (error, addresses) => {
      const [first] = addresses ?? []
      if (error !== null || first === undefined) return done(error ?? coded('ENOTFOUND'), [])
      if (!addresses.every(({ address }) => isAllowed(address))) return done(coded('address-private'), [])
      return options.all ? done(null, addresses) : done(null, first.address, first.family)
    })
  }
}

function coded(code: string): Error {
  return Object.assign(new Error(code), { code })
}

function failure(code: string): Attempted {
  return { is: 'failed', code, status: null, retryAfter: null }
}

/** Codes only, or the error's name: its text may quote an answer or an address. */
function codeOf(error: unknown): string {
  const { code, name, cause, errors } = error as NodeJS.ErrnoException & { errors?: readonly { code?: unknown }[] }
  if (name === 'TimeoutError') return 'timeout'
  const inner = (cause as { code?: unknown } | undefined)?.code
  const said = [code, inner, errors?.[0]?.code, name].find((one) => typeof one === 'string' && CODE.test(one))
  return String(said ?? 'unknown')
}
