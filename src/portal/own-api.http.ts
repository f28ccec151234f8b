import type { Readable } from 'node:stream'
import type { FastifyInstance, FastifyRequest } from 'fastify'
import { ERRORS, type ErrorCode, TitianError } from '../domain/error.ts'
import type { Problem } from '../io/http/problem.ts'
import { isScope } from '../trust/access/scopes.ts'
import type { Tokens } from '../trust/access/token.ts'
import type { View } from '../web/page.ts'

export type OwnApi = { tokens: Pick<Tokens, 'issue'>; clock: () => Date }

/** An answer of the public API. */
export type ApiAnswer = { status: number; headers: Record<string, unknown>; body: Readable }

type Asked = { method?: 'GET' | 'POST'; url: string; headers?: Record<string, string>; payload?: Readable }

/**
 * Asks the public API, inside this process, in the name of whoever signed in: the portal can do what the API lets its client do, and
 * nothing else.
 */
export async function askApi(
  app: FastifyInstance,
  { tokens, clock }: OwnApi,
  { request, view }: { request: FastifyRequest; view: Pick<View, 'language'> },
  { method = 'GET', url, headers = {}, payload }: Asked,
): Promise<ApiAnswer> {
  const { client, platform, scopes } = request.caller
  const token = await tokens.issue({ client, platform, scopes: scopes.filter(isScope) }, clock())
  const answer = await app.inject({
    method,
    url,
    headers: { ...headers, authorization: `Bearer ${token}`, 'accept-language': view.language },
    payloadAsStream: true,
    ...(payload && { payload }),
  })
  return { status: answer.statusCode, headers: answer.headers, body: answer.stream() }
}

/** A JSON answer of the public API; throws the problem that it answers instead. */
export async function readApi<T>(...asked: Parameters<typeof askApi>): Promise<T> {
  const answer = await askApi(...asked)
  if (answer.status >= 400) throw await problemIn(answer)
  return JSON.parse(await bodyText(answer)) as T
}

/** The text of an answer. */
export async function bodyText({ body }: ApiAnswer): Promise<string> {
  const pieces: Buffer[] = []
  for await (const piece of body) pieces.push(piece as Buffer)
  return Buffer.concat(pieces).toString()
}

/** What an answer refuses, as the error that it was made of. */
export async function problemIn(answer: ApiAnswer): Promise<TitianError> {
  const { type = '', detail, errors = [] } = JSON.parse(await bodyText(answer)) as Partial<Problem>
  const code = type.split('/').at(-1) ?? ''
  const known = Object.hasOwn(ERRORS, code) ? (code as ErrorCode) : 'internal'
  return new TitianError(known, detail, { places: errors })
}
