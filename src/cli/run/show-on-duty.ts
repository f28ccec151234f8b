import type { Config } from '../../config.ts'
import type { Deps } from '../../deps.ts'
import { writeFault } from '../../io/http/health/health.db.ts'
import { type Health, listenForMetrics, type MetricsListener } from '../../io/observe/metrics.http.ts'
import type { MetricsPage } from '../../io/observe/metrics.ts'
import { standingLines, stuckPart } from '../../io/observe/progress.ts'
import { showPresence } from '../../watch/presence.db.ts'
import type { CliContext } from '../context.ts'
import { listen } from './listen.ts'

/** Shows this process to the others in the database and its numbers to Prometheus, until it is disposed of. */
export async function showOnDuty(
  { db, config, metrics }: Pick<Deps, 'db' | 'config' | 'metrics'>,
  kind: 'gateway' | 'worker',
  context: Pick<CliContext, 'err'>,
): Promise<AsyncDisposable> {
  await using stack = new AsyncDisposableStack()
  const health = {
    stuck: () => stuckPart(metrics.progress, config.STUCK_SECONDS),
    unready: () => writeFault(db),
    lines: () => standingLines(metrics.progress),
  }
  stack.use(await openMetricsListener(metrics, config, context, health))
  stack.use(showPresence(db, kind, process.version))
  return stack.move()
}

const FILES = ['METRICS_TLS_CERT_FILE', 'METRICS_TLS_KEY_FILE', 'METRICS_CLIENT_CA_FILE'] as const

/** The listener for Prometheus; nothing where no METRICS_PORT is set. It says its address. */
export async function openMetricsListener(
  metrics: MetricsPage,
  config: Pick<Config, 'METRICS_HOST' | 'METRICS_PORT' | (typeof FILES)[number]>,
  { err }: Pick<CliContext, 'err'>,
  health?: Health,
): Promise<MetricsListener | null> {
  const { METRICS_HOST: host, METRICS_PORT: port } = config
  if (port === undefined) return null
  const [cert, key, ca] = FILES.map((name) => config[name])
  const address = { host, port, ...(cert && { cert }), ...(key && { key }), ...(ca && { ca }) }
  const told = {
    info: () => err('metrics: the certificate was read anew'),
    error: () => err('metrics: the changed certificate cannot be used; the old one stays'),
  }
  const listener = await listen(() => listenForMetrics(metrics, address, health, told), port)
  err(`metrics ${listener.url}/metrics`)
  return listener
}
