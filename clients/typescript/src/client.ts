import { type Bytes, type Operations, PLACES, type Schemas } from './api.ts'
import { problemOf, TitianProblem } from './problem.ts'

export type { Bytes, Operations, Schemas } from './api.ts'
export { TitianProblem } from './problem.ts'

export type Options = {
  /** Of the gateway, with its path if it has one. */
  url: string
  client: string
  secret: string
  /** Of the texts in answers; Indonesian when not given. */
  language?: 'id' | 'en'
  signal?: AbortSignal
}

/** What an operation is asked with; `type` is that of a body that is no JSON. */
export type Input<Name extends keyof Operations> = Operations[Name]['input'] & { type?: string; accept?: string }

export type Push = { dataset: string; key: string; body: Bytes; type: string }

/** The public API of a gateway. What it refuses is thrown as a `TitianProblem`. */
export type Titian = {
  /** Asks for one operation of the contract, by its name. */
  call<Name extends keyof Operations>(name: Name, input: Input<Name>): Promise<Operations[Name]['answer']>
  /** The same, as the answer comes: for other forms than JSON, and for large ones. */
  ask<Name extends keyof Operations>(name: Name, input: Input<Name>): Promise<Response>
  /** Pushes one body as a batch. The same key and body again give the same batch. */
  push(push: Push): Promise<Schemas['Batch']>
  /** Asks for a batch until all of it is settled. */
  settled(batch: string): Promise<Schemas['Batch']>
}

type Sent = { path?: object; query?: object; headers?: object; body?: unknown; type?: string; accept?: string }

const TRIES = 6
const LONGEST_PAUSE_MS = 30_000
const POLL_MS = 1000
const TOKEN_MARGIN_MS = 30_000

/** Opens the API for one client; tokens are fetched and renewed as needed. */
export function openTitian({ url, client, secret, language = 'id', signal }: Options): Titian {
  const base = url.replace(/\/+$/, '')
  let token: { value: string; until: number } | undefined

  async function bearer(): Promise<string> {
    if (token !== undefined && Date.now() < token.until) return token.value
    const answer = await fetch(`${base}/oauth/token`, {
      method: 'POST',
      headers: { authorization: `Basic ${btoa(`${encodeURIComponent(client)}:${encodeURIComponent(secret)}`)}` },
      body: new URLSearchParams({ grant_type: 'client_credentials' }),
      ...(signal && { signal }),
    })
    if (!answer.ok) throw await problemOf(answer)
    const { access_token, expires_in } = (await answer.json()) as { access_token: string; expires_in: number }
    token = { value: access_token, until: Date.now() + expires_in * 1000 - TOKEN_MARGIN_MS }
    return access_token
  }

  async function once(name: keyof Operations, { path = {}, query = {}, headers = {}, body, type, accept }: Sent) {
    const place = PLACES[name]
    const isRaw = typeof body === 'string' || body instanceof Blob || body instanceof ReadableStream
    const answer = await fetch(`${base}${addressOf(place.path, path, query)}`, {
      method: place.method,
      headers: {
        ...headers,
        authorization: `Bearer ${await bearer()}`,
        'accept-language': language,
        accept: accept ?? 'application/json, */*;q=0.5',
        ...(body !== undefined && { 'content-type': type ?? 'application/json' }),
      },
      ...(body !== undefined && { body: isRaw ? body : JSON.stringify(body) }),
      ...(body instanceof ReadableStream && { duplex: 'half' }),
      ...(signal && { signal }),
    })
    if (!answer.ok) throw await problemOf(answer)
    return answer
  }

  async function ask<Name extends keyof Operations>(name: Name, input: Input<Name>): Promise<Response> {
    for (let tries = 1; ; tries++) {
      try {
        return await once(name, input)
      } catch (error) {
        const wait = pauseAfter(error, tries)
        if (tries === TRIES || wait === undefined || signal?.aborted || !isRepeatable(name, input)) throw error
        await pause(wait, signal)
      }
    }
  }

  async function call<Name extends keyof Operations>(name: Name, input: Input<Name>) {
    const answer = await ask(name, input)
    const isJson = /^application\/json\b/.test(answer.headers.get('content-type') ?? '')
    return (isJson ? await answer.json() : answer) as Operations[Name]['answer']
  }

  return {
    ask,
    call,
    push: async ({ dataset, key, body, type }) => {
      const headers = { 'idempotency-key': JSON.stringify(key) }
      return (await call('submitBatch', { path: { dataset }, headers, body, type })) as Schemas['Batch']
    },
    settled: async (id) => {
      for (;;) {
        const batch = await call('readBatch', { path: { id } })
        if (batch.state === 'settled') return batch
        await pause(POLL_MS, signal)
      }
    },
  }
}

/** Whether a request may be sent twice: by its method or its key, and if its body can be read again. */
function isRepeatable(name: keyof Operations, { headers = {}, body }: Sent): boolean {
  const { method } = PLACES[name]
  const isSafe = method === 'GET' || method === 'PUT' || method === 'DELETE' || 'idempotency-key' in headers
  return isSafe && !(body instanceof ReadableStream)
}

/** Milliseconds after which a failure is worth trying again; undefined where it is not. */
function pauseAfter(error: unknown, tries: number): number | undefined {
  const usual = Math.min(1000 * 2 ** (tries - 1), LONGEST_PAUSE_MS)
  if (!(error instanceof TitianProblem)) return usual
  if (error.status !== 429 && error.status < 500) return undefined
  return Math.min((error.retryAfter ?? 0) * 1000 || usual, LONGEST_PAUSE_MS)
}

function pause(milliseconds: number, signal: AbortSignal | undefined): Promise<void> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(resolve, milliseconds)
    signal?.addEventListener('abort', () => {
      clearTimeout(timer)
      reject(signal.reason)
    })
  })
}

function addressOf(template: string, path: object, query: object): string {
  const values = new Map(Object.entries(path))
  const filled = template.replaceAll(/\{(\w+)\}/g, (_all, name: string) => encodeURIComponent(String(values.get(name))))
  const asked = Object.entries(query).filter(([, value]) => value !== undefined)
  return asked.length === 0
    ? filled
    : `${filled}?${new URLSearchParams(asked.map(([name, value]) => [name, String(value)]))}`
}
