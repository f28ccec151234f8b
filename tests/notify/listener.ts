import { once } from 'node:events'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { Webhook } from 'standardwebhooks'

/** One request that a webhook got. */
export type Heard = {
  id: string
  at: number
  headers: Record<string, string>
  body: string
  path: string
}

/** How a listener answers: a status, or by its own hand. */
export type Answering = number | ((response: ServerResponse, request: IncomingMessage, nth: number) => void)

/** A region's side of a webhook: a real HTTP server on loopback that keeps what it gets. */
export async function openListener(answering: Answering = 204) {
  const heard: Heard[] = []
  let answer = answering
  const server = createServer((request, response) => {
    let body = ''
    request.setEncoding('utf8').on('data', (piece) => {
      body += piece
    })
    request.on('end', () => {
      const headers = request.headers as Record<string, string>
      heard.push({ id: headers['webhook-id'] ?? '', at: performance.now(), headers, body, path: request.url ?? '' })
      if (typeof answer === 'number') response.writeHead(answer).end()
      else answer(response, request, heard.length)
    })
    request.on('error', () => undefined)
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  return {
    url: `http://127.0.0.1:${port}/titian`,
    port,
    heard,
    answer(next: Answering) {
      answer = next
    },
    async [Symbol.asyncDispose]() {
      server.closeAllConnections()
      server.close()
      await once(server, 'close')
    },
  }
}

/** What others' library makes of a message: its content, or it throws. */
export function verified(secret: string, { headers, body }: Pick<Heard, 'headers' | 'body'>): unknown {
  return new Webhook(secret).verify(body, headers)
}
