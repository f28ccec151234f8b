import { once } from 'node:events'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { MetricsPage } from './metrics.ts'

/** A listener for Prometheus alone; `close` ends its connections. */
export type MetricsListener = AsyncDisposable & { url: string }

const REQUEST_MS = 10_000

/**
 * Answers `GET /metrics` on an address of its own, and `GET /livez` with what `alive` says (503 when it is false). It asks for no
 * token: listen where only Prometheus reaches it. Port 0 takes any free one.
 */
export async function listenForMetrics(
  metrics: MetricsPage,
  { host, port }: { host: string; port: number },
  alive: () => boolean = () => true,
): Promise<MetricsListener> {
  const server = createServer({ requestTimeout: REQUEST_MS }, (request, response) => {
    answer(request, response, metrics, alive).catch(() => end(response, 500, 'text/plain', 'metrics cannot be read\n'))
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
  alive: () => boolean,
): Promise<void> {
  const path = url.split('?')[0]
  if (path !== '/metrics' && path !== '/livez') return end(response, 404, 'text/plain', 'only /metrics and /livez\n')
  if (method !== 'GET' && method !== 'HEAD') {
    response.setHeader('allow', 'GET, HEAD')
    return end(response, 405, 'text/plain', 'only GET\n')
  }
  if (path === '/livez') return end(response, alive() ? 200 : 503, 'text/plain', alive() ? 'alive\n' : 'stuck\n')
  const { type, text } = await metrics.page()
  end(response, 200, type, text)
}

function end(response: ServerResponse, status: number, type: string, text: string): void {
  response.writeHead(status, { 'content-type': type, 'cache-control': 'no-store' }).end(text)
}
