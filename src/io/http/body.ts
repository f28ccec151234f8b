import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { TitianError } from '../../domain/error.ts'

declare module 'fastify' {
  interface FastifyContextConfig {
    /** The route reads its body itself, as a stream: it looks at type and encoding, and calls `takeBody`, when it is ready. */
    streams?: boolean
    /** The route unpacks its body itself, and looks at the encoding; other routes take no packed body. */
    unpacks?: boolean
  }
  interface FastifyRequest {
    /** Whether a client that asked for it was told to send its body. */
    isContinued: boolean
  }
}

/** How bodies are taken: an empty one needs no type, none is packed, and nobody is asked to send what will be refused. */
export function bodyRules(app: FastifyInstance): void {
  app.decorateRequest('isContinued', false)

  // Fastify would take any text for a body; no route of ours does.
  app.removeContentTypeParser('text/plain')
  app.addContentTypeParser('application/json', { parseAs: 'string' }, (request, body: string, done) => {
    if (body === '') return done(null, undefined)
    if (holdsNul(body)) return done(new TitianError('bad-request', 'a NUL is no character of a text'), undefined)
    return parseJson(request, body, done)
  })
  const parseJson = app.getDefaultJsonParser('error', 'error')

  app.addHook('onRequest', async ({ raw: { headers }, routeOptions }) => {
    const isEmpty = headers['transfer-encoding'] === undefined && Number(headers['content-length'] ?? 0) === 0
    if (isEmpty && !routeOptions.config.streams) delete headers['content-type']
  })

  app.addHook('preParsing', async (request, reply) => {
    const { headers, routeOptions, is404, server } = request
    if (is404 || routeOptions.config.streams) return
    const coding = headers['content-encoding']?.trim().toLowerCase() ?? ''
    const isPlain = ['', 'identity'].includes(coding)
    if (!isPlain && !routeOptions.config.unpacks) throw new TitianError('encoding-unsupported')
    const type = headers['content-type']?.split(';')[0]?.trim().toLowerCase()
    const isTyped = type === undefined || server.hasContentTypeParser(type)
    const isSmall = Number(headers['content-length'] ?? 0) <= (routeOptions.bodyLimit ?? 0)
    if (isTyped && isSmall) takeBody(request, reply)
  })

  app.addHook('onSend', async (request, reply) => {
    // Whether the body comes all the same is not known: what follows on the connection could be read as either.
    if (awaitsContinue(request) && !request.isContinued) void reply.header('connection', 'close')
  })
}

/** Tells a client that waits with its body to send it (RFC 9110, 10.1.1): everything that the head shows has been looked at. */
export function takeBody(request: FastifyRequest, reply: FastifyReply): void {
  if (!awaitsContinue(request) || request.isContinued) return
  request.isContinued = true
  reply.raw.writeContinue()
}

function awaitsContinue({ raw }: FastifyRequest): boolean {
  return raw.httpVersion === '1.1' && raw.headers.expect?.trim().toLowerCase() === '100-continue'
}

/** Whether a JSON text holds the escape of a NUL; `\\u0000` is an escaped backslash and four digits. */
function holdsNul(json: string): boolean {
  return /(?<!\\)(?:\\\\)*\\u0000/.test(json)
}
