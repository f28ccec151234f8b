import { randomUUID } from 'node:crypto'
import { type Server, STATUS_CODES } from 'node:http'
import type { Socket } from 'node:net'
import {
  type FastifyBaseLogger,
  type FastifyError,
  type FastifyHttpOptions,
  type FastifyInstance,
  type FastifyReply,
  type FastifyRequest,
  LogController,
} from 'fastify'
import fp from 'fastify-plugin'
import { ERRORS, type ErrorCode, TitianError } from '../../domain/error.ts'
import { languageOf } from './language.ts'
import { problemOf, toTitianError } from './problem.ts'

const SAFE = { 'cache-control': 'no-store', 'x-content-type-options': 'nosniff', 'referrer-policy': 'no-referrer' }
const SECOND = 1000
const HOUR = 3600 * SECOND

/** How every Fastify of ours is made: refuse, do not repair; bounded in time and size; no address in the log. */
export function serverOptions(log: FastifyBaseLogger) {
  return {
    loggerInstance: log,
    genReqId: () => randomUUID(),
    logController: new LogController({ disableRequestLogging: true, requestIdLogLabel: 'request' }),
    trustProxy: false,
    // Small by default: only the upload takes more, and it streams. It may take an hour, but never be silent for a minute.
    bodyLimit: 64 * 1024,
    requestTimeout: HOUR,
    connectionTimeout: 60 * SECOND,
    keepAliveTimeout: 70 * SECOND,
    handlerTimeout: 30 * SECOND,
    http: { headersTimeout: 20 * SECOND },
    routerOptions: { maxParamLength: 512 },
    ajv: {
      customOptions: { coerceTypes: false, removeAdditional: false, useDefaults: false, allErrors: false },
    },
    frameworkErrors: (error: FastifyError, request: FastifyRequest, reply: FastifyReply) =>
      answer(error, request, reply),
    clientErrorHandler: refuseConnection,
  } satisfies FastifyHttpOptions<Server>
}

/** Problems (RFC 9457) for everything that goes wrong, 405 for known paths, one log line for each request, safe headers. */
export const problemHandling = fp(async (app: FastifyInstance) => {
  const paths = new Map<string, { pattern: RegExp; methods: Set<string> }>()
  app.addHook('onRoute', ({ url, method }) => {
    const known = paths.get(url) ?? { pattern: patternOf(url), methods: new Set<string>() }
    for (const one of [method].flat()) known.methods.add(one)
    paths.set(url, known)
  })
  app.addHook('onRequest', async (_request, reply) => {
    reply.headers({
      'cache-control': 'no-store',
      'x-content-type-options': 'nosniff',
      'referrer-policy': 'no-referrer',
    })
  })
  app.addHook('onResponse', async ({ method, routeOptions, log }, { statusCode, elapsedTime }) => {
    // The pattern, never the address: a path may hold a record's key.
    log.info({ method, route: routeOptions.url ?? null, status: statusCode, ms: Math.round(elapsedTime) })
  })
  app.setErrorHandler((error, request, reply) => answer(error, request, reply))
  app.setNotFoundHandler((request, reply) => {
    const path = request.url.split('?')[0] ?? ''
    const methods = [...paths.values()]
      .filter(({ pattern }) => pattern.test(path))
      .flatMap((known) => [...known.methods])
    // A route of this very method said itself that there is nothing here.
    if (methods.length === 0 || methods.includes(request.method))
      return answer(new TitianError('not-found'), request, reply)
    reply.header('allow', [...new Set(methods)].join(', '))
    return answer(new TitianError('method-not-allowed'), request, reply)
  })
})

function answer(thrown: unknown, request: FastifyRequest, reply: FastifyReply): FastifyReply {
  const error = toTitianError(thrown)
  const problem = problemOf(error, languageOf(request.headers['accept-language']), request.id)
  if (problem.status >= 500) request.log.error({ code: error.code, fault: faultOf(error) })
  const wait = error.retryAfterSeconds ?? (ERRORS[error.code].retry ? 1 : undefined)
  if (wait !== undefined) reply.header('retry-after', String(wait))
  return reply.headers(SAFE).code(problem.status).type('application/problem+json').send(JSON.stringify(problem))
}

/** Where it happened, without the message: a library's message may quote what was sent. */
function faultOf(error: TitianError): string {
  const cause = error.cause instanceof Error ? error.cause : error
  const place = cause.stack?.split('\n').find((line) => line.trimStart().startsWith('at '))
  return `${cause.name} ${(cause as { code?: string }).code ?? ''} ${place?.trim() ?? ''}`
}

/** Requests that Node could not even read; there is no Fastify request yet, so the answer is written by hand. */
function refuseConnection(error: Error & { code?: string }, socket: Socket): void {
  if (error.code === 'ECONNRESET' || !socket.writable) return void socket.destroy()
  const code: ErrorCode =
    error.code === 'HPE_HEADER_OVERFLOW'
      ? 'header-too-large'
      : error.code === 'ERR_HTTP_REQUEST_TIMEOUT'
        ? 'request-slow'
        : 'bad-request'
  const problem = problemOf(new TitianError(code), 'id', randomUUID())
  const body = JSON.stringify(problem)
  const head = [
    `HTTP/1.1 ${problem.status} ${STATUS_CODES[problem.status]}`,
    'content-type: application/problem+json',
    `content-length: ${Buffer.byteLength(body)}`,
    'cache-control: no-store',
    'connection: close',
  ]
  socket.end(`${head.join('\r\n')}\r\n\r\n${body}`)
}

function patternOf(url: string): RegExp {
  const source = url
    .replace(/[.+?^${}()|[\]\\]/g, '\\$&')
    .replace(/:[A-Za-z]+/g, '[^/]+')
    .replace(/\*/g, '.*')
  return new RegExp(`^${source}/?$`)
}
