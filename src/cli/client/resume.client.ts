import { setTimeout as wait } from 'node:timers/promises'
import { ERRORS, TitianError } from '../../domain/error.ts'
import { patiently } from './patience.ts'
import type { Payload } from './push.client.ts'
import { type GatewayAnswer, refusalOf } from './refusal.ts'

/** What an upload is for; the name of the file is not told. */
export type UploadPurpose = { dataset: string; key?: string; isSnapshot?: boolean; submission?: string; file?: string }

/** One request to the gateway with the token of the caller, and its answer. */
export type Exchange = (
  method: 'POST' | 'HEAD' | 'PATCH' | 'GET',
  path: string,
  headers: Record<string, string>,
  body?: AsyncIterable<Buffer>,
) => Promise<GatewayAnswer>

type Shown = {
  state: 'open' | 'whole' | 'taken' | 'refused'
  batch: string | null
  created_at: string
  problem: { type: string; detail?: string; errors?: { pointer: string; code: string }[] } | null
}

const TUS = { 'tus-resumable': '1.0.0' }
const FIRST_POLL_MS = 50
const LAST_POLL_MS = 1000
const PATIENCE_MS = 120_000
const AGAIN_MS = 500

/**
 * Sends a body by the tus protocol and waits until a batch was made of it. The gateway finds an unfinished upload of the same bytes
 * by their digest, so that a program that was killed goes on where it stopped. Throws what the gateway refuses.
 */
export async function resumeUpload(
  exchange: Exchange,
  {
    purpose,
    payload,
    sent,
    signal,
  }: { purpose: UploadPurpose; payload: Payload; sent: (bytes: number) => void; signal: AbortSignal },
): Promise<{ batch: string; created_at: string }> {
  const path = await patiently(async () => {
    const headers = { ...TUS, 'upload-length': String(payload.bytes), 'upload-metadata': metadataOf(purpose, payload) }
    const answer = await exchange('POST', '/v1/uploads', headers)
    if (answer.status !== 201) throw refusalOf(answer)
    return `/v1/uploads/${String(answer.headers.location).split('/').at(-1)}`
  }, signal)
  await sendAll(exchange, path, { payload, sent, signal })
  return taken(exchange, path, signal)
}

async function sendAll(
  exchange: Exchange,
  path: string,
  { payload, sent, signal }: { payload: Payload; sent: (bytes: number) => void; signal: AbortSignal },
): Promise<void> {
  for (let [before, since] = [-1, Date.now()]; ; ) {
    const offset = await patiently(() => offsetOf(exchange, path), signal)
    sent(offset)
    if (offset >= payload.bytes) return
    // Patience begins anew whenever bytes came through.
    if (offset > before) since = Date.now()
    before = offset
    try {
      const headers = { ...TUS, 'upload-offset': String(offset), 'content-type': 'application/offset+octet-stream' }
      const answer = await exchange('PATCH', path, headers, counted(payload.open(offset), offset, sent))
      if (answer.status !== 204) throw refusalOf(answer)
    } catch (error) {
      signal.throwIfAborted()
      const mayPass = !(error instanceof TitianError) || ERRORS[error.code].retry || error.code === 'offset-differs'
      if (!mayPass || Date.now() - since >= PATIENCE_MS) throw error
      await wait(AGAIN_MS, undefined, { signal })
    }
  }
}

async function taken(
  exchange: Exchange,
  path: string,
  signal: AbortSignal,
): Promise<{ batch: string; created_at: string }> {
  for (let pause = FIRST_POLL_MS; ; pause = Math.min(pause * 1.5, LAST_POLL_MS)) {
    const upload = await patiently(async () => {
      const answer = await exchange('GET', path, {})
      if (answer.status !== 200) throw refusalOf(answer)
      return JSON.parse(answer.text) as Shown
    }, signal)
    if (upload.problem !== null) throw refusalOf({ status: 422, headers: {}, text: JSON.stringify(upload.problem) })
    if (upload.batch !== null) return { batch: upload.batch, created_at: upload.created_at }
    await wait(pause, undefined, { signal })
  }
}

async function offsetOf(exchange: Exchange, path: string): Promise<number> {
  const answer = await exchange('HEAD', path, TUS)
  if (answer.status === 200) return Number(answer.headers['upload-offset'])
  // The answer to a HEAD has no body that says more.
  throw new TitianError(answer.status >= 500 ? 'unavailable' : 'upload-gone')
}

function metadataOf(
  { dataset, key, isSnapshot = false, submission, file }: UploadPurpose,
  { type, encoding, digest }: Payload,
): string {
  const sha256 = /^sha-256=:(.+):$/.exec(digest)?.[1] ?? ''
  const pairs = {
    dataset,
    contenttype: type,
    sha256: Buffer.from(sha256, 'base64').toString('hex'),
    ...(encoding !== 'identity' && { contentencoding: encoding }),
    ...(key !== undefined && { key }),
    ...(isSnapshot && { mode: 'snapshot' }),
    ...(submission !== undefined && { submission }),
    ...(file !== undefined && { file }),
  }
  return Object.entries(pairs)
    .map(([name, value]) => `${name} ${Buffer.from(value).toString('base64')}`)
    .join(',')
}

async function* counted(
  pieces: AsyncIterable<Buffer>,
  from: number,
  sent: (bytes: number) => void,
): AsyncGenerator<Buffer> {
  let bytes = from
  for await (const piece of pieces) {
    bytes += piece.length
    sent(bytes)
    yield piece
  }
}
