import { randomUUID } from 'node:crypto'
import { type IncomingMessage, type Server, type ServerResponse, STATUS_CODES } from 'node:http'
import type { Socket } from 'node:net'
import { type ErrorCode, TitianError } from '../../domain/error.ts'
import { problemOf } from './problem.ts'

/** What Node could not read, by its own code; anything else is a `bad-request`. */
const BY_NODE: Readonly<Record<string, ErrorCode>> = {
  HPE_HEADER_OVERFLOW: 'header-too-large',
  HPE_CHUNK_EXTENSIONS_OVERFLOW: 'body-too-large',
  ERR_HTTP_REQUEST_TIMEOUT: 'request-slow',
}

/** How long a client has to read why it was cut. */
const LINGER_MS = 1000

type ReadFault = Error & { code?: string; rawPacket?: unknown }

/** Answers a request that Node could not even read; there is no Fastify request yet, so the answer is written by hand. */
export function refuseConnection(error: ReadFault, socket: Socket, basePath: string): void {
  const isCoded = error.code === 'HPE_INVALID_TRANSFER_ENCODING' && namesCoding(error.rawPacket)
  const code = isCoded ? 'coding-unknown' : (BY_NODE[error.code ?? ''] ?? 'bad-request')
  refuse(code, { cause: error.code, socket, basePath })
}

/** Whether a head names a transfer coding that is not `chunked`, the only one of ours. */
function namesCoding(head: unknown): boolean {
  const text = Buffer.isBuffer(head) ? head.toString('latin1') : ''
  const given = /^transfer-encoding:(.*)$/im.exec(text)?.[1] ?? ''
  return given.split(',').some((coding) => !['', 'chunked'].includes(coding.trim().toLowerCase()))
}

/** Lets the routes answer what Node would answer by itself, or not at all: `Expect` of both kinds, CONNECT, and silence. */
export function answerOurselves(server: Server, basePath: string): void {
  const toRoutes = (request: IncomingMessage, response: ServerResponse) => server.emit('request', request, response)
  server.on('checkContinue', toRoutes)
  server.on('checkExpectation', toRoutes)
  server.on('timeout', (socket: Socket) => {
    const answering = answeringOn(socket)
    // The client has said all and waits for us: that is bounded elsewhere.
    if (answering?.req?.complete === true) return
    if (answering === undefined) return void socket.destroy()
    refuse('request-slow', { socket, basePath })
  })
  server.on('connect', (_request, socket) => refuse('method-not-allowed', { socket: socket as Socket, basePath }))
}

/** Answers that a body comes too slowly, as far as nothing was answered yet, and ends the connection whatever the client does. */
export function refuseSlowBody(socket: Socket, basePath: string): void {
  refuse('request-slow', { socket, basePath })
  setTimeout(() => socket.destroy(), LINGER_MS).unref()
}

/** The answer that Node is about to write on a socket; undefined between two requests. */
function answeringOn(socket: Socket): Pick<ServerResponse, 'headersSent' | 'req'> | undefined {
  return (socket as { _httpMessage?: ServerResponse | null })._httpMessage ?? undefined
}

function refuse(
  code: ErrorCode,
  { socket, cause, basePath }: { socket: Socket; cause?: string | undefined; basePath: string },
): void {
  // A second head within an answer that has begun would read as its body.
  const begun = answeringOn(socket)?.headersSent === true
  if (cause === 'ECONNRESET' || !socket.writable || begun) return void socket.destroy()
  const problem = problemOf(new TitianError(code), 'id', randomUUID(), basePath)
  const body = JSON.stringify(problem)
  const head = [
    `HTTP/1.1 ${problem.status} ${STATUS_CODES[problem.status]}`,
    'content-type: application/problem+json',
    'content-language: id',
    `content-length: ${Buffer.byteLength(body)}`,
    'cache-control: no-store',
    'x-content-type-options: nosniff',
    'connection: close',
  ]
  socket.end(`${head.join('\r\n')}\r\n\r\n${body}`)
}
