import { randomUUID } from 'node:crypto'
import type { Server } from 'node:http'
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
import { ERRORS, TitianError } from '../../domain/error.ts'
import { bodyRules } from './body.ts'
import { compilersAtFirstUse, PLAIN_CODE } from './compilers.ts'
import { answerOurselves, refuseConnection, refuseSlowBody } from './connection.ts'
import { closeContract } from './contract.ts'
import { faultOfHead } from './head.ts'
import { speakTo } from './language.ts'
import { cutSlowBodies } from './limits/slow-body.http.ts'
import { problemOf, toTitianError } from './problem.ts'

declare module 'fastify' {
  interface FastifyInstance {
    /** The path of the public address, empty where it has none: what an answer names to a browser or a program begins with it. */
    readonly basePath: string
  }
}

/** Where a Fastify stands: the path of its public address, its certificate, and the proxies before it. */
export type ServerPlace = { basePath?: string; tls?: object | undefined; proxies?: readonly string[] }

const SAFE = {
  'cache-control': 'no-store',
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
  // What is no page loads nothing and stands in no frame; a page says itself what it needs.
  'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
}
const OF_A_BODY = ['content-type', 'content-length', 'content-encoding', 'content-digest']
const SECOND = 1000
const HOUR = 3600 * SECOND

/**
 * How every Fastify of ours is made: refuse, do not repair; bounded in time and size; no address in the log. A proxy may pass the
 * path of the public address on or take it away: both arrive at the same route.
 */
export function serverOptions(log: FastifyBaseLogger, { basePath = '', tls, proxies }: ServerPlace = {}) {
  // A missing Host is refused with a problem, by us.
  const http = { headersTimeout: 20 * SECOND, requireHostHeader: false }
  return {
    rewriteUrl: ({ url = '/' }: { url?: string | undefined }) => {
      // A proxy may send the whole address (RFC 9112, 3.2.2).
      const path = url.replace(/^https?:\/\/[^/?#]+(?=\/)/i, '')
      return basePath !== '' && path.startsWith(`${basePath}/`) ? path.slice(basePath.length) : path
    },
    loggerInstance: log,
    genReqId: () => randomUUID(),
    logController: new LogController({ disableRequestLogging: true, requestIdLogLabel: 'request' }),
    trustProxy: proxies === undefined || proxies.length === 0 ? false : [...proxies],
    // Small by default: only the upload takes more, and it streams. It may take an hour, but never be silent for a minute.
    bodyLimit: 64 * 1024,
    requestTimeout: HOUR,
    connectionTimeout: 60 * SECOND,
    keepAliveTimeout: 70 * SECOND,
    handlerTimeout: 30 * SECOND,
    http,
    // Fastify speaks TLS where this is given; the type of its server stays that of http, whose all it has.
    ...(tls && { https: { ...http, ...tls } }),
    routerOptions: { maxParamLength: 512 },
    schemaController: { compilersFactory: compilersAtFirstUse() },
    ajv: {
      customOptions: {
        ...PLAIN_CODE,
        coerceTypes: false,
        removeAdditional: false,
        useDefaults: false,
        allErrors: false,
      },
    },
    frameworkErrors: (error: FastifyError, request: FastifyRequest, reply: FastifyReply) =>
      answer(error, request, reply, basePath),
    clientErrorHandler: (error: Error & { code?: string; rawPacket?: unknown }, socket: Socket) =>
      refuseConnection(error, socket, basePath),
  } satisfies FastifyHttpOptions<Server>
}

/** Problems (RFC 9457) for everything that goes wrong, 405 for known paths, one log line for each request, safe headers. */
export const problemHandling = fp(
  async (app: FastifyInstance, { basePath = '', slowSeconds = 60 }: { basePath?: string; slowSeconds?: number }) => {
    app.decorate('basePath', basePath)
    const paths = new Map<string, { pattern: RegExp; methods: Set<string> }>()
    app.addHook('onRoute', closeContract)
    app.addHook('onRoute', ({ url, method }) => {
      const known = paths.get(url) ?? { pattern: patternOf(url), methods: new Set<string>() }
      for (const one of [method].flat()) known.methods.add(one)
      paths.set(url, known)
    })
    answerOurselves(app.server as Server, basePath)
    cutSlowBodies(app, slowSeconds, (socket) => refuseSlowBody(socket, basePath))
    app.addHook('onRequest', async (request, reply) => {
      reply.headers(SAFE).header('x-request-id', request.id)
      const fault = faultOfHead(request.raw)
      if (fault !== undefined) throw fault
    })
    bodyRules(app)
    app.addHook('onSend', async (_request, reply) => {
      void reply.header('server-timing', `total;dur=${reply.elapsedTime.toFixed(1)}`)
    })
    app.addHook('onSend', async (_request, reply, payload) => {
      if (reply.statusCode !== 304) return payload
      // A 304 describes no body (RFC 9110, 15.4.5).
      for (const name of OF_A_BODY) reply.removeHeader(name)
      return typeof payload === 'string' ? null : payload
    })
    if (basePath !== '')
      app.addHook('onSend', async (_request, reply) => {
        // Routes know their own paths only.
        const location = reply.getHeader('location')
        if (typeof location === 'string' && location.startsWith('/')) reply.header('location', basePath + location)
        const link = reply.getHeader('link')
        if (typeof link === 'string') reply.header('link', link.replace(/^<\//, `<${basePath}/`))
      })
    app.addHook('onResponse', async ({ method, routeOptions, log, ip }, { statusCode, elapsedTime }) => {
      // The pattern, never the address: a path may hold a record's key.
      const route = routeOptions.url ?? null
      log.info({ method, route, status: statusCode, ms: Math.round(elapsedTime), address: ip })
    })
    app.setErrorHandler((error, request, reply) => answer(error, request, reply, basePath))
    app.setNotFoundHandler((request, reply) => {
      const path = request.url.split('?')[0] ?? ''
      const methods = [...paths.values()]
        .filter(({ pattern }) => pattern.test(path))
        .flatMap((known) => [...known.methods])
      // A route of this very method said itself that there is nothing here.
      if (methods.length === 0 || methods.includes(request.method))
        return answer(new TitianError('not-found'), request, reply, basePath)
      reply.header('allow', [...new Set(methods)].join(', '))
      return answer(new TitianError('method-not-allowed'), request, reply, basePath)
    })
  },
)

function answer(thrown: unknown, request: FastifyRequest, reply: FastifyReply, basePath: string): FastifyReply {
  const error = toTitianError(thrown)
  const problem = problemOf(error, speakTo(request, reply), request.id, basePath)
  if (problem.status >= 500) request.log.error({ code: error.code, fault: faultOf(error) })
  const wait = error.retryAfterSeconds ?? (ERRORS[error.code].retry ? 1 : undefined)
  if (wait !== undefined) reply.header('retry-after', String(wait))
  if (error.code === 'type-unsupported') reply.header('accept', typesOf(error, request).join(', '))
  if (error.code === 'encoding-unsupported') reply.header('accept-encoding', (error.accepts ?? ['identity']).join(', '))
  return reply.headers(SAFE).code(problem.status).type('application/problem+json').send(JSON.stringify(problem))
}

/** The media types that the route takes, as its schema says when the error does not. */
function typesOf({ accepts }: TitianError, { routeOptions }: FastifyRequest): readonly string[] {
  return accepts ?? (routeOptions.schema as { consumes?: string[] } | undefined)?.consumes ?? ['application/json']
}

/** Where it happened, without the message: a library's message may quote what was sent. */
function faultOf(error: TitianError): string {
  const cause = error.cause instanceof Error ? error.cause : error
  const place = cause.stack?.split('\n').find((line) => line.trimStart().startsWith('at '))
  return `${cause.name} ${(cause as { code?: string }).code ?? ''} ${place?.trim() ?? ''}`
}

function patternOf(url: string): RegExp {
  const source = url
    .replace(/[.+?^${}()|[\]\\]/g, '\\$&')
    .replace(/:[A-Za-z]+/g, '[^/]+')
    .replace(/\*/g, '.*')
  return new RegExp(`^${source}/?$`)
}
