import { Readable } from 'node:stream'
import { type Locker, Server } from '@tus/server'
import type { FastifyReply, FastifyRequest } from 'fastify'
import { type ErrorCode, TitianError } from '../../domain/error.ts'
import { newId } from '../../io/ids.ts'
import { coveredDataset, type IntakeRegistry } from '../../trust/agreements/agreement.ts'
import { type IncomingLimits, openBody } from '../incoming.http.ts'
import { readMetadata, type UploadWish } from './metadata.ts'
import { type StoreCaller, type StoreDeps, UploadStore } from './tus-store.db.ts'
import { findUnfinished } from './upload.sql.ts'

export type TusDeps = StoreDeps & {
  registry: IntakeRegistry
  limits: StoreDeps['limits'] & IncomingLimits
  clock: () => Date
}

/** Which of our problems a refusal of the protocol's own server is. */
const CODES: Readonly<Record<number, ErrorCode>> = {
  404: 'not-found',
  409: 'offset-differs',
  410: 'upload-gone',
  412: 'protocol-version',
  413: 'body-too-large',
}

/** The offset in the row decides (see `UploadStore`); nobody waits for a connection that may be dead. */
const NO_LOCK: Locker = { newLock: () => ({ lock: async () => undefined, unlock: async () => undefined }) }

/** Answers one request of the tus protocol 1.0.0 at a path, for a platform; what it refuses is thrown as one of our problems. */
export async function answerTus(
  request: FastifyRequest,
  reply: FastifyReply,
  deps: TusDeps,
  { platform, actor, path }: { platform: string; actor: string; path: string },
): Promise<FastifyReply> {
  const caller: StoreCaller = { platform, actor, wish: undefined, isThere: false }
  let thrown: unknown
  const server = new Server({
    path,
    datastore: new UploadStore(deps, caller),
    locker: NO_LOCK,
    maxSize: deps.limits.packedBytes,
    generateUrl: (_request, { id }) => `${path}/${id}`,
    async namingFunction(asked, metadata = {}) {
      const wish = readMetadata(metadata)
      checkWish(wish, deps, platform)
      caller.wish = wish
      const length = Number(asked.headers.get('upload-length'))
      if (length === 0) throw new TitianError('body-empty')
      // Bytes that come along belong at the beginning.
      const isBare = asked.headers.get('content-type') === null
      const there =
        isBare && wish.sha256 !== null ? await findUnfinished(deps.db, platform, { length, wish }) : undefined
      caller.isThere = there !== undefined
      return there ?? newId('upl')
    },
    onResponseError(_request, error) {
      thrown = error
      return undefined
    },
  })
  const answer = await server.handleWeb(webRequest(request))
  if (thrown instanceof TitianError) throw thrown
  if (answer.status >= 400) throw refusalOf(answer.status, thrown)
  for (const [name, value] of answer.headers) if (!name.startsWith('access-control-')) void reply.header(name, value)
  return reply.code(answer.status).send(null)
}

/** What would be refused when all bytes are here is refused before the first. */
function checkWish(wish: UploadWish, { registry, limits, clock }: TusDeps, platform: string): void {
  const { dataset } = coveredDataset(registry, platform, wish.dataset, clock())
  const headers = {
    'content-type': wish.mediaType,
    ...(wish.encoding !== null && { 'content-encoding': wish.encoding }),
  }
  openBody({ headers, body: undefined, raw: { trailers: {} } }, dataset.format, limits, { platform })
}

function webRequest({ url, method, headers, raw }: FastifyRequest): Request {
  const given = new Headers()
  for (const [name, value] of Object.entries(headers)) if (value !== undefined) given.set(name, String(value))
  const hasBody = method === 'PATCH' || method === 'POST'
  // The library wants a whole address, and looks at its path only.
  const init = {
    method,
    headers: given,
    ...(hasBody && { body: Readable.toWeb(raw) as ReadableStream, duplex: 'half' as const }),
  }
  return new Request(`http://gateway${url}`, init)
}

function refusalOf(status: number, thrown: unknown): Error {
  const code = CODES[status]
  if (code !== undefined) return new TitianError(code)
  // The library's own texts name headers only.
  const said = (thrown as { body?: string } | undefined)?.body?.trim()
  if (status < 500) return new TitianError('bad-request', said)
  return thrown instanceof Error ? thrown : new TitianError('internal')
}
