import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { readConfig } from '../../config.ts'
import { TitianError } from '../../domain/error.ts'
import { freePort, isPortFree } from '../../io/local/port.ts'
import type { CliContext } from '../context.ts'

const LAST = 65_535

/**
 * A port for the metrics of each process: METRICS_PORT and those after it, else any that are free. They
 * are written to `prometheus-targets.json` of the data folder, as Prometheus reads it by `file_sd_configs`. Throws `port-taken`.
 */
export async function metricsPorts(
  { METRICS_PORT }: CliContext['env'],
  data: string,
  names: readonly string[],
): Promise<Record<string, number>> {
  const named = readConfig({ METRICS_PORT }).METRICS_PORT || undefined
  const ports: [string, number][] = []
  for (const [at, name] of names.entries())
    ports.push([name, named === undefined ? await freePort() : await portAfter(named, at, name)])
  const targets = ports.map(([name, port]) => ({ targets: [`127.0.0.1:${port}`], labels: { process: name } }))
  await writeFile(join(data, 'prometheus-targets.json'), `${JSON.stringify(targets, null, 2)}\n`)
  return Object.fromEntries(ports)
}

async function portAfter(named: number, at: number, name: string): Promise<number> {
  const port = named + at
  if (port <= LAST && (await isPortFree(port))) return port
  throw new TitianError('port-taken', `port ${port} for the metrics of ${name} is taken: choose by METRICS_PORT`)
}
