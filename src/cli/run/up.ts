import { resolve } from 'node:path'
import { Command, InvalidArgumentError, Option } from 'commander'
import type { CliContext } from '../context.ts'
import { peopleFile } from './first-person.ts'
import { type Installation, type InstallationOptions, startInstallation } from './installation.ts'
import { serveUntilStopped } from './service.ts'

export function upCommand(context: CliContext): Command {
  return withInstallationOptions(new Command('up'), context)
    .description('Start everything on this machine and stay up: database, gateway, workers, stand-in for BPS')
    .option('--json', 'print one line of JSON with every address when ready')
    .action(async (options: InstallationOptions & { json?: true }) => {
      await using installation = await startInstallation(context, options)
      const addresses = addressesOf(installation, options)
      if (options.json) context.out(JSON.stringify(addresses))
      else for (const line of describe(addresses)) context.out(line)
      await serveUntilStopped(context)
    })
}

/** The options that `up` and `demo` share. */
export function withInstallationOptions(command: Command, { dataDir, env }: CliContext): Command {
  return command
    .option('--port <number>', 'port of the gateway', parsePort, Number(env.PORT ?? 8080))
    .option('--data <dir>', 'folder that keeps everything', (dir) => resolve(dir), dataDir)
    .option('--workers <number>', 'worker processes', parseCount, 2)
    .addOption(new Option('--queue <kind>', 'where the queues lie').choices(['postgres', 'redis']).default('postgres'))
}

function addressesOf(
  { url, console: atConsole, receiver, processes, metrics }: Installation,
  { data, queue }: InstallationOptions,
) {
  return {
    ready: true,
    url,
    docs: `${url}/docs`,
    console: `${atConsole}/console`,
    queues: `${atConsole}/console/queues`,
    receiver: receiver.url,
    queue,
    data,
    clients: resolve(data, 'clients.json'),
    people: peopleFile(data),
    log: resolve(data, 'log'),
    metrics,
    processes,
  }
}

function describe({
  url,
  docs,
  console,
  queues,
  receiver,
  clients,
  people,
  log,
  metrics,
}: ReturnType<typeof addressesOf>): string[] {
  return [
    'Titian is up. Ctrl-C stops everything.',
    '',
    `  API       ${url}`,
    `  Docs      ${docs}`,
    `  Console   ${console}   (sign in by what "titian people code" says)`,
    `  Queues    ${queues}`,
    `  Receiver  ${receiver}   (stand-in for BPS)`,
    `  Metrics   ${Object.values(metrics).join(' ')}`,
    `  Clients   ${clients}`,
    `  People    ${people}`,
    `  Logs      ${log}`,
  ]
}

function parsePort(text: string): number {
  const port = Number(text)
  if (!Number.isInteger(port) || port < 1 || port > 65535) throw new InvalidArgumentError('a port is 1 to 65535')
  return port
}

function parseCount(text: string): number {
  const count = Number(text)
  if (!Number.isInteger(count) || count < 1 || count > 64) throw new InvalidArgumentError('1 to 64')
  return count
}
