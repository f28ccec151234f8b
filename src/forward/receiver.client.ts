import { randomBytes } from 'node:crypto'
import Type, { type Static } from 'typebox'
import Value from 'typebox/value'
import { type Dispatcher, Pool, ProxyAgent } from 'undici'
import { TitianError } from '../domain/error.ts'
import type { DeliveryId } from '../domain/ids.ts'
import type { Signer } from '../trust/keys/signing-keys.ts'
import { signMessage } from '../trust/signatures/signature.ts'
import { attested, judgeGet, judgePut, type ReceiverAnswer, type Verdict } from './answer.ts'
import { type Manifest, manifestHeader } from './manifest.ts'
import type { ReceiptPolicy } from './receipts/attest.ts'

export type ReceiverClientOptions = {
  /** Base address of BPS's side, as openapi/receiver.yaml describes it. */
  url: string
  /** The key that signs at this moment. */
  signer: () => Signer
  /** Milliseconds for a whole call, its body included; undici's own timers only watch for silence. */
  deadlineMs: number
  connections: number
  /** Whose signatures under receipts are believed; undefined: they are kept and not looked at. */
  receipts?: ReceiptPolicy | undefined
  /** The proxy that it is called through; undefined: directly. */
  proxy?: string | undefined
}

/** The newest delivery that a receiver has; it may have none, or not offer to say. `silent`: there was no answer that says so. */
export type ReceiverEnd = { is: 'delivery'; delivery: DeliveryId } | { is: 'none' } | { is: 'silent'; reason: string }

const HeardSubject = Type.Object({
  subject: Type.String({ pattern: '^(per|fam)_[0-9a-hjkmnp-tv-z]{26}$' }),
  level: Type.Union([Type.Literal('keluarga'), Type.Literal('individu')]),
  kind: Type.String(),
  version: Type.Integer({ minimum: 0 }),
  delivery: Type.String(),
})
const HeardAnswer = Type.Object({ subjects: Type.Array(HeardSubject, { maxItems: 10_000 }) })

/** A subject as the receiver last heard of it. */
export type HeardSubject = Static<typeof HeardSubject>
/** Some of the subjects that a receiver heard of, by their ids; none when there are no more. `unknown`: it does not offer to say. */
type HeardPage = { is: 'page'; subjects: HeardSubject[] } | { is: 'unknown' } | { is: 'silent'; reason: string }

/** Talks to one receiver; whatever happens on the wire comes back as a verdict, never as an exception. */
export type ReceiverClient = {
  /** Name of the destination, as the breaker knows it. */
  destination: string
  /** Sends a delivery. */
  put(manifest: Manifest, bytes: Buffer, signal: AbortSignal): Promise<Verdict>
  /** Asks whether a delivery arrived. */
  find(manifest: Manifest, signal: AbortSignal): Promise<Verdict>
  /** Asks for the newest delivery that it has, which openapi/receiver.yaml leaves it free to say. */
  end(signal: AbortSignal): Promise<ReceiverEnd>
  /** Asks which subjects it heard of since a moment, a page after a subject; it is free not to offer this. */
  told(page: { since: Date; after: string }, signal: AbortSignal): Promise<HeardPage>
  close(): Promise<void>
}

const DELIVERY_ID = /^dlv_[0-9a-hjkmnp-tv-z]{26}$/
const MOST_ANSWER_BYTES = 16 * 1024 * 1024
const SIGNATURE_SECONDS = 120
const ALWAYS_SIGNED = ['@method', '@authority', '@path', '@query'] as const
const CONTENT_SIGNED = [
  'content-type',
  'content-encoding',
  'content-length',
  'content-digest',
  'titian-manifest',
] as const

type Call = { method: 'GET' | 'PUT'; path: string; body?: Buffer; headers: Record<string, string> }

/** Opens a client for the receiver of BPS. Answers, also bad ones, are values; the caller closes it. */
export function openReceiver(options: ReceiverClientOptions): ReceiverClient {
  const base = new URL(options.url)
  const settings = {
    connections: options.connections,
    maxResponseSize: MOST_ANSWER_BYTES,
    headersTimeout: options.deadlineMs,
    bodyTimeout: options.deadlineMs,
    connectTimeout: Math.min(10_000, options.deadlineMs),
  }
  const pool: Dispatcher = options.proxy
    ? new ProxyAgent({ ...settings, uri: options.proxy, proxyTunnel: base.protocol === 'https:' })
    : new Pool(base.origin, settings)

  const call = async ({ method, path: below, body, headers }: Call, signal: AbortSignal): Promise<ReceiverAnswer> => {
    const path = `${base.pathname.replace(/\/$/, '')}${below}`
    const signed = signMessage(
      { method, url: base.origin + path, headers },
      body === undefined ? ALWAYS_SIGNED : [...ALWAYS_SIGNED, ...CONTENT_SIGNED],
      { ...freshParams(), tag: 'titian-delivery', alg: 'ed25519' },
      options.signer(),
    )
    const answer = await pool.request({
      origin: base.origin,
      method,
      path,
      headers: { ...headers, accept: 'application/json', ...signed },
      body: body ?? null,
      signal: AbortSignal.any([signal, AbortSignal.timeout(options.deadlineMs)]),
    })
    const text = await answer.body.text()
    const retryAfter = answer.headers['retry-after']
    return {
      status: answer.statusCode,
      retryAfter: typeof retryAfter === 'string' ? retryAfter : undefined,
      body: parsed(text),
    }
  }

  return {
    destination: base.host,
    async put(manifest, bytes, signal) {
      const headers = {
        'content-type': manifest.media_type,
        'content-encoding': manifest.content_encoding,
        'content-length': String(bytes.length),
        'content-digest': manifest.digest,
        'titian-manifest': manifestHeader(manifest),
      }
      try {
        const answer = await call({ method: 'PUT', path: pathOf(manifest), body: bytes, headers }, signal)
        return await attested(judgePut(answer, manifest, new Date()), manifest, options.receipts)
      } catch (error) {
        return silence(error)
      }
    },
    async find(manifest, signal) {
      try {
        const answer = await call({ method: 'GET', path: pathOf(manifest), headers: {} }, signal)
        return await attested(judgeGet(answer, manifest, new Date()), manifest, options.receipts)
      } catch (error) {
        return silence(error)
      }
    },
    async end(signal) {
      try {
        return judgeEnd(await call({ method: 'GET', path: '/v1/end', headers: {} }, signal))
      } catch (error) {
        return { is: 'silent', reason: silence(error).reason }
      }
    },
    async told({ since, after }, signal) {
      const query = new URLSearchParams({ since: since.toISOString(), after })
      try {
        return judgeTold(await call({ method: 'GET', path: `/v1/subjects?${query}`, headers: {} }, signal))
      } catch (error) {
        return { is: 'silent', reason: silence(error).reason }
      }
    },
    close: () => pool.destroy(),
  }
}

function pathOf({ delivery }: Manifest): string {
  return `/v1/deliveries/${delivery}`
}

function judgeEnd({ status, body }: ReceiverAnswer): ReceiverEnd {
  if (status === 404) return { is: 'none' }
  const { delivery } = (typeof body === 'object' && body !== null ? body : {}) as { delivery?: unknown }
  if (status === 200 && typeof delivery === 'string' && DELIVERY_ID.test(delivery))
    return { is: 'delivery', delivery: delivery as DeliveryId }
  return { is: 'silent', reason: `status ${status}` }
}

function judgeTold({ status, body }: ReceiverAnswer): HeardPage {
  if (status === 200 && Value.Check(HeardAnswer, body)) return { is: 'page', subjects: body.subjects }
  return status === 404 || status === 501 ? { is: 'unknown' } : { is: 'silent', reason: `status ${status}` }
}

/** Every attempt is signed anew: time and nonce are the only things in which a retry differs. */
function freshParams(): { created: number; expires: number; nonce: string } {
  const created = Math.floor(Date.now() / 1000)
  return { created, expires: created + SIGNATURE_SECONDS, nonce: randomBytes(18).toString('base64url') }
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

/** No answer, or none to the end: what became of the call is unknown. Codes only, an error text may quote an answer. */
function silence(error: unknown): Extract<Verdict, { is: 'failed' }> {
  if (error instanceof TitianError || !(error instanceof Error)) throw error
  const { code, name } = error as NodeJS.ErrnoException
  if (typeof code === 'string') return { is: 'failed', reason: code }
  if (name === 'TimeoutError' || name === 'AbortError') return { is: 'failed', reason: name }
  throw error
}
