import { once } from 'node:events'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { MetricsPage } from './metrics.ts'

/** A listener for Prometheus alone; `close` ends its connections. */
export type MetricsListener = AsyncDisposable & { url: string }

/** What a process says of itself: what is wrong with it in a sentence, or nothing; and lines for whoever looks. */
export type Health = {
  /** Why it should be started anew. */
  stuck(): string | undefined
  /** Why it can do nothing at this moment. */
  unready(): Promise<string | undefined>
  lines(): string[]
}

const REQUEST_MS = 10_000
const PATHS = ['/metrics', '/livez', '/readyz']
const WELL: Health = { stuck: () => undefined, unready: async () => undefined, lines: () => [] }

/**
 * Answers `GET /metrics`, `/livez` and `/readyz` on an address of its own; the last two are 503 with the reason where there is
 * one. It asks for no token: listen where only Prometheus reaches it. Port 0 takes any free one.
 */
export async function listenForMetrics(
  metrics: MetricsPage,
  { host, port }: { host: string; port: number },
  health: Health = WELL,
): Promise<MetricsListener> {
  const server = createServer({ requestTimeout: REQUEST_MS }, (request, response) => {
    answer(request, response, metrics, health).catch(() => end(response, 500, 'text/plain', 'this cannot be read\n'))
  })
  server.listen(port, host)
  await once(server, 'listening')
  const { address, port: taken, family } = server.address() as AddressInfo
  return {
    url: `http://${family === 'IPv6' ? `[${address}]` : address}:${taken}`,
    async [Symbol.asyncDispose]() {
      server.close()
      server.closeAllConnections()
    },
  }
}

async function answer(
  { method, url = '' }: IncomingMessage,
  response: ServerResponse,
  metrics: MetricsPage,
  health: Health,
): Promise<void> {
  const path = url.split('?')[0] ?? ''
  if (!PATHS.includes(path)) return end(response, 404, 'text/plain', `only ${PATHS.join(', ')}\n`)
  if (method !== 'GET' && method !== 'HEAD') {
    response.setHeader('allow', 'GET, HEAD')
    return end(response, 405, 'text/plain', 'only GET\n')
  }
  if (path === '/metrics') {
    const { type, text } = await metrics.page()
    return end(response, 200, type, text)
  }
  const fault = health.stuck() ?? (path === '/readyz' ? await health.unready() : undefined)
  const word = fault === undefined ? (path === '/livez' ? 'alive' : 'ready') : fault
  const lines = [word, ...health.lines()].map((line) => `${line}\n`)
  end(response, fault === undefined ? 200 : 503, 'text/plain', lines.join(''))
}

function end(response: ServerResponse, status: number, type: string, text: string): void {
  response.writeHead(status, { 'content-type': type, 'cache-control': 'no-store' }).end(text)
}
