import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { createServer as createTlsServer } from 'node:https'
import type { AddressInfo } from 'node:net'
import { TitianError } from '../../domain/error.ts'
import { type CertificateLog, renewingCertificate, tlsOptions } from '../transport/tls.file.ts'
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

/** Where it listens: in the clear, or by the certificate of files; with `ca` only who shows a certificate that one of these signed is answered. */
export type MetricsAddress = { host: string; port: number; cert?: string; key?: string; ca?: string }

const REQUEST_MS = 10_000
const PATHS = ['/metrics', '/livez', '/readyz']
const WELL: Health = { stuck: () => undefined, unready: async () => undefined, lines: () => [] }

/**
 * Answers `GET /metrics`, `/livez` and `/readyz` on an address of its own; the last two are 503 with the reason where there is
 * one. It asks for no token: listen where only Prometheus reaches it. Port 0 takes any free one. A certificate that changes is read
 * anew, and `told` says so.
 */
export async function listenForMetrics(
  metrics: MetricsPage,
  { host, port, cert, key, ca }: MetricsAddress,
  health: Health = WELL,
  told: CertificateLog = { info: () => undefined, error: () => undefined },
): Promise<MetricsListener> {
  const handle = (request: IncomingMessage, response: ServerResponse) => {
    answer(request, response, metrics, health).catch(() => end(response, 500, 'text/plain', 'this cannot be read\n'))
  }
  const files = {
    ...{ TLS_CLIENT_CERTIFICATES: ca !== undefined },
    ...(cert !== undefined && { TLS_CERT_FILE: cert }),
    ...(key !== undefined && { TLS_KEY_FILE: key }),
  }
  const tls = tlsOptions(files)
  if (tls === undefined && ca !== undefined)
    throw new TitianError(
      'config-invalid',
      'METRICS_CLIENT_CA_FILE needs METRICS_TLS_CERT_FILE and METRICS_TLS_KEY_FILE',
    )
  const judged = ca === undefined ? {} : { ca: readCa(ca), rejectUnauthorized: true }
  const limits = { requestTimeout: REQUEST_MS }
  const server =
    tls === undefined ? createServer(limits, handle) : createTlsServer({ ...limits, ...tls, ...judged }, handle)
  const certificate = renewingCertificate(server, files, told, judged)
  server.listen(port, host)
  await once(server, 'listening')
  certificate.watch()
  const { address, port: taken, family } = server.address() as AddressInfo
  return {
    url: `${tls === undefined ? 'http' : 'https'}://${family === 'IPv6' ? `[${address}]` : address}:${taken}`,
    async [Symbol.asyncDispose]() {
      certificate.unwatch()
      server.close()
      server.closeAllConnections()
    },
  }
}

function readCa(file: string): Buffer {
  try {
    return readFileSync(file)
  } catch (cause) {
    throw new TitianError('config-invalid', `METRICS_CLIENT_CA_FILE: ${file} cannot be read`, { cause })
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
