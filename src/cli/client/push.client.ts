import { createInterface } from 'node:readline'
import { Readable } from 'node:stream'
import { setTimeout as wait } from 'node:timers/promises'
import { Agent, type Dispatcher, ProxyAgent, request } from 'undici'
import { TitianError } from '../../domain/error.ts'
import { BATCH } from '../../domain/states.ts'
import type { BatchView } from '../../engine/batch-view.sql.ts'
import { proxyFor, proxySettings } from '../../io/proxy.ts'
import { patiently, told } from './patience.ts'
import { type GatewayAnswer, refusalOf } from './refusal.ts'
import { resumeUpload, type UploadPurpose } from './resume.client.ts'

export type Credentials = { url: string; client: string; secret: string }

/** A body that can be sent again from its beginning, should the connection break. */
export type Payload = {
  open(from?: number): AsyncIterable<Buffer>
  bytes: number
  type: string
  encoding: 'identity' | 'gzip' | 'zstd'
  /** As Content-Digest has it. */
  digest: string
}

export type Pushed = { batch: BatchView; replayed: boolean }

/** `sent` hears how many bytes are out; a snapshot states the whole of the dataset. */
type PushOptions = { sent?: (bytes: number) => void; isSnapshot?: boolean }

/** The gateway as one client of its public API sees it. */
export type Gateway = {
  /** Sends a body; resumes with the same key when the connection breaks. */
  push(dataset: string, key: string, payload: Payload, options?: PushOptions): Promise<Pushed>
  /** Sends a body by an upload that goes on at its byte, also one that an earlier run of this program left unfinished. */
  resume(purpose: UploadPurpose, payload: Payload, sent?: (bytes: number) => void): Promise<Pushed>
  /** Posts results of BPS, as lines or as the file that a query names; otherwise as `push`. */
  postResults(query: string, key: string, payload: Payload): Promise<Pushed>
  /** One page of a text: the body, and where its link `next` leads. */
  page(path: string, type: string): Promise<{ text: string; next: string | undefined }>
  /** Polls until the batch is settled; `seen` hears of every state on the way. */
  settled(batch: string, seen?: (batch: BatchView) => void): Promise<BatchView>
  /** Any JSON answer of the API; titles in it are Indonesian unless English is asked for. */
  get<T>(path: string, language?: 'id' | 'en'): Promise<T>
  /** Orders something; it may arrive twice when the connection breaks. */
  post<T>(path: string, body?: object): Promise<T>
  /** Hands in a text; it may arrive twice when the connection breaks. */
  say(path: string, text: string): Promise<void>
  /** Says how something is to be; repeating it changes nothing. */
  put<T>(path: string, body: object): Promise<T>
  /** Takes something away; it may be asked twice when the connection breaks. Nothing is given where the answer has no body. */
  remove<T = void>(path: string): Promise<T>
  /** A whole answer as it was sent, with its headers: for whoever checks digests and signatures. */
  read(path: string, headers?: Record<string, string>): Promise<RawAnswer>
  /** A large answer as it comes, with its headers; one that breaks off throws. */
  stream(path: string): Promise<{ headers: RawAnswer['headers']; body: AsyncIterable<Buffer> }>
  /** The lines of an NDJSON answer, as they come. */
  lines(path: string): AsyncGenerator<string>
  close(): Promise<void>
}

/** An answer of 200 as it was sent: nothing is unpacked. */
export type RawAnswer = { headers: Record<string, string | string[] | undefined>; bytes: Buffer }

const CALL_MS = 30_000
const ORDER_MS = 600_000
const FIRST_POLL_MS = 50
const LAST_POLL_MS = 1000
const TOKEN_MARGIN_MS = 30_000

/** Opens the public API for one client; tokens are fetched and renewed as needed. `env` may name proxies. */
export function openGatewayClient(
  { url, client, secret }: Credentials,
  signal: AbortSignal,
  env: Readonly<Record<string, string | undefined>> = {},
): Gateway {
  const proxy = proxyFor(url, proxySettings(env))
  // The answer to an upload comes when everything is stored: no limit on waiting for its head.
  const limits = { headersTimeout: 0, bodyTimeout: CALL_MS, connect: { timeout: 10_000 } }
  const dispatcher: Dispatcher = proxy
    ? new ProxyAgent({ ...limits, uri: proxy, proxyTunnel: url.startsWith('https:') })
    : new Agent(limits)
  let token: { value: string; until: number } | undefined

  async function bearer(): Promise<string> {
    if (token !== undefined && Date.now() < token.until) return token.value
    const answer = await call('/oauth/token', {
      method: 'POST',
      headers: {
        authorization: `Basic ${Buffer.from(`${client}:${secret}`).toString('base64')}`,
        'content-type': 'application/x-www-form-urlencoded',
      },
      body: 'grant_type=client_credentials',
      signal: AbortSignal.any([signal, AbortSignal.timeout(CALL_MS)]),
    })
    // A gateway that is busy or without its database says nothing about the client: that is tried again.
    if (answer.status === 429 || answer.status >= 500) throw refusalOf(answer)
    if (answer.status !== 200) throw new TitianError('client-invalid', `${client} got no token: ${answer.status}`)
    const { access_token, expires_in } = bodyOf<{ access_token: string; expires_in: number }>(answer)
    token = { value: access_token, until: Date.now() + expires_in * 1000 - TOKEN_MARGIN_MS }
    return access_token
  }

  async function call(path: string, options: Parameters<typeof request>[1]): Promise<GatewayAnswer> {
    const { statusCode, headers, body } = await request(addressOf(path, url), { ...options, dispatcher })
    return { status: statusCode, headers, text: await body.text() }
  }

  async function get<T>(path: string, language: 'id' | 'en' = 'id'): Promise<T> {
    return patiently(async () => {
      const limit = AbortSignal.any([signal, AbortSignal.timeout(CALL_MS)])
      const headers = { authorization: `Bearer ${await bearer()}`, 'accept-language': language }
      const answer = await call(path, { headers, signal: limit })
      if (answer.status !== 200) throw refusalOf(answer)
      return bodyOf<T>(answer)
    }, signal)
  }

  /** One exchange of an upload that resumes; it may take as long as bytes move. */
  async function exchange(
    method: 'POST' | 'HEAD' | 'PATCH' | 'GET',
    path: string,
    headers: Record<string, string>,
    body?: AsyncIterable<Buffer>,
  ): Promise<GatewayAnswer> {
    const authorization = `Bearer ${await bearer()}`
    const limit = body === undefined ? AbortSignal.any([signal, AbortSignal.timeout(CALL_MS)]) : signal
    return call(path, {
      method,
      headers: { ...headers, authorization },
      signal: limit,
      ...(body && { body: Readable.from(body) }),
    })
  }

  function upload(
    path: string,
    key: string,
    payload: Payload,
    sent: (bytes: number) => void = () => undefined,
  ): Promise<Pushed> {
    return patiently(async () => {
      const answer = await call(path, {
        method: 'POST',
        headers: {
          authorization: `Bearer ${await bearer()}`,
          'idempotency-key': JSON.stringify(key),
          'content-type': payload.type,
          'content-length': String(payload.bytes),
          'content-digest': payload.digest,
          ...(payload.encoding === 'identity' ? {} : { 'content-encoding': payload.encoding }),
        },
        body: Readable.from(counted(payload.open(), sent)),
        signal,
      })
      if (answer.status !== 200 && answer.status !== 202) throw refusalOf(answer)
      return { batch: bodyOf<BatchView>(answer), replayed: answer.status === 200 }
    }, signal)
  }

  function order<T>(method: 'POST' | 'PUT' | 'DELETE', path: string, body?: object | string): Promise<T> {
    return patiently(async () => {
      const limit = AbortSignal.any([signal, AbortSignal.timeout(ORDER_MS)])
      const headers = {
        authorization: `Bearer ${await bearer()}`,
        ...(body && { 'content-type': typeof body === 'string' ? 'text/plain' : 'application/json' }),
      }
      const answer = await call(path, {
        method,
        headers,
        signal: limit,
        ...(body && { body: typeof body === 'string' ? body : JSON.stringify(body) }),
      })
      if (answer.status >= 300) throw refusalOf(answer)
      return answer.status === 204 ? (undefined as T) : bodyOf<T>(answer)
    }, signal)
  }

  return {
    get,
    post: (path, body) => order('POST', path, body),
    say: (path, text) => order('POST', path, text),
    put: (path, body) => order('PUT', path, body),
    remove: (path) => order('DELETE', path),
    push: (dataset, key, payload, { sent, isSnapshot = false } = {}) =>
      upload(
        `/v1/datasets/${encodeURIComponent(dataset)}/batches${isSnapshot ? '?mode=snapshot' : ''}`,
        key,
        payload,
        sent,
      ),
    resume: async (purpose, payload, sent = () => undefined) => {
      const upload = await resumeUpload(exchange, { purpose, payload, sent, signal })
      const batch = await get<BatchView>(`/v1/batches/${upload.batch}`)
      // The key may have made its batch before.
      return { batch, replayed: batch.created_at < upload.created_at }
    },
    postResults: (query, key, payload) => upload(`/v1/results${query}`, key, payload),
    page: (path, type) =>
      patiently(async () => {
        const limit = AbortSignal.any([signal, AbortSignal.timeout(CALL_MS)])
        const answer = await call(path, {
          headers: { authorization: `Bearer ${await bearer()}`, accept: type },
          signal: limit,
        })
        if (answer.status !== 200) throw refusalOf(answer)
        return { text: answer.text, next: /<([^>]+)>; rel="next"/.exec(String(answer.headers.link ?? ''))?.[1] }
      }, signal),
    read: (path, asked = {}) =>
      patiently(async () => {
        const headers = { ...asked, authorization: `Bearer ${await bearer()}` }
        const limit = AbortSignal.any([signal, AbortSignal.timeout(ORDER_MS)])
        const answer = await request(addressOf(path, url), { headers, signal: limit, dispatcher })
        const { statusCode: status, headers: given, body } = answer
        const bytes = Buffer.from(await body.arrayBuffer())
        if (status !== 200) throw refusalOf({ status, headers: given, text: bytes.toString() })
        return { headers: given, bytes }
      }, signal),
    async stream(path) {
      const headers = { authorization: `Bearer ${await bearer()}` }
      const answer = await request(addressOf(path, url), { headers, signal, dispatcher })
      const { statusCode: status, headers: given, body } = answer
      if (status !== 200) throw told(refusalOf({ status, headers: given, text: await body.text() }))
      return { headers: given, body }
    },
    async *lines(path) {
      const headers = { authorization: `Bearer ${await bearer()}` }
      const answer = await request(addressOf(path, url), { headers, signal, dispatcher })
      const { statusCode: status, headers: given, body } = answer
      if (status !== 200) throw told(refusalOf({ status, headers: given, text: await body.text() }))
      yield* createInterface({ input: body, crlfDelay: Number.POSITIVE_INFINITY })
    },
    async settled(id, seen = () => undefined) {
      for (let pause = FIRST_POLL_MS; ; pause = Math.min(pause * 1.5, LAST_POLL_MS)) {
        const batch = await get<BatchView>(`/v1/batches/${id}`)
        seen(batch)
        if (batch.state === BATCH.settled) return batch
        await wait(pause, undefined, { signal })
      }
    },
    close: () => dispatcher.close(),
  }
}

/** A path below the gateway's address, which may have a path of its own; throws `config-invalid` where that is no address. */
export function addressOf(path: string, url: string): URL {
  const address = URL.parse(`${url.replace(/\/+$/, '')}${path}`)
  if (address === null) throw new TitianError('config-invalid', `${url} is no address`)
  return address
}

function bodyOf<T>({ text }: GatewayAnswer): T {
  try {
    return JSON.parse(text) as T
  } catch (cause) {
    throw new TitianError('receiver-refused', 'what answers at this address is no gateway', { cause })
  }
}

async function* counted(pieces: AsyncIterable<Buffer>, sent: (bytes: number) => void): AsyncGenerator<Buffer> {
  let bytes = 0
  for await (const piece of pieces) {
    bytes += piece.length
    sent(bytes)
    yield piece
  }
}
