import { randomUUID } from 'node:crypto'
import { basename } from 'node:path'
import { SingleBar } from 'cli-progress'
import { Command } from 'commander'
import { TitianError } from '../../domain/error.ts'
import type { BatchView } from '../../engine/batch-view.sql.ts'
import { didYouMean } from '../../language/did-you-mean.ts'
import type { CliContext } from '../context.ts'
import { type CredentialOptions, findCredentials } from './credentials.ts'
import { filePayload } from './payload.ts'
import { type Gateway, openGatewayClient, type Pushed } from './push.client.ts'
import { requireReadable } from './readable.ts'

type Options = CredentialOptions & {
  platform: string
  dataset: string
  data?: string
  key?: string
  wait?: boolean
  snapshot?: boolean
  json?: boolean
}

// What is smaller is sent again from its beginning sooner than an upload is begun and asked after.
const RESUMED_BYTES = 1024 * 1024

/** `titian push`: each file becomes one batch. */
export function pushCommand(context: CliContext): Command {
  return new Command('push')
    .description('Push files to the gateway, each as one batch')
    .argument('<file...>', '.ndjson, .json or .csv, also as .gz or .zst')
    .requiredOption('--platform <name>', 'platform that pushes')
    .requiredOption('--dataset <name>', 'dataset that the files are of')
    .option('--snapshot', 'the file states the whole of the dataset: records that it does not hold are withdrawn')
    .option('--wait', 'wait until the batches are settled')
    .option('--json', 'print one line of JSON for each file')
    .option('--key <text>', 'idempotency key; without it each file gets a fresh one')
    .option('--data <dir>', 'data folder of a local titian up, where address and client are found')
    .option('--url <url>', 'address of the gateway, with --client and --secret-file')
    .option('--client <id>', 'client id')
    .option('--secret-file <file>', 'file that holds the client secret')
    .action(async (files: string[], options: Options) => {
      await requireReadable(files)
      if (options.snapshot && files.length > 1) {
        throw new TitianError(
          'config-invalid',
          'a snapshot is one file: several would each withdraw what the others hold',
        )
      }
      const credentials = await findCredentials(options, options.data ?? context.dataDir, options)
      const gateway = openGatewayClient(credentials, context.signal, context.env)
      try {
        for (const [index, file] of files.entries()) {
          // A fixed key names one body: further files get a key of their own under it.
          const key = options.key === undefined ? undefined : index === 0 ? options.key : `${options.key}-${index}`
          const pushed = await pushFile(context, gateway, options, file, key)
          const batch = options.wait ? await waitFor(context, gateway, pushed.batch) : pushed.batch
          const said = options.json
            ? JSON.stringify({ file: basename(file), replayed: pushed.replayed, ...batch })
            : `${basename(file)}: ${batch.id} ${batch.state}${pushed.replayed ? ' (same key and body as before)' : ''}; ${countsLine(batch)}`
          context.out(said)
        }
      } finally {
        await gateway.close()
      }
    })
}

async function pushFile(
  context: CliContext,
  gateway: Gateway,
  { dataset, snapshot }: Options,
  file: string,
  key: string | undefined,
): Promise<Pushed> {
  const payload = await filePayload(file)
  const bar = context.interactive ? barOf(basename(file), payload.bytes) : undefined
  try {
    const sent = (bytes: number) => bar?.update(bytes)
    const isSnapshot = snapshot === true
    if (payload.bytes < RESUMED_BYTES)
      return await gateway.push(dataset, key ?? randomUUID(), payload, { sent, isSnapshot })
    return await gateway.resume({ dataset, isSnapshot, ...(key !== undefined && { key }) }, payload, sent)
  } catch (error) {
    throw error instanceof TitianError && error.code === 'dataset-unknown'
      ? await named(gateway, dataset, error)
      : error
  } finally {
    bar?.stop()
  }
}

/** The refusal of a dataset, with the name that was meant. */
async function named(gateway: Gateway, dataset: string, cause: TitianError): Promise<TitianError> {
  const { datasets } = await gateway.get<{ datasets: { name: string }[] }>('/v1/datasets')
  const names = datasets.map(({ name }) => name)
  const hint = didYouMean(dataset, names, `The gateway has ${names.join(', ')}.`)
  return new TitianError('dataset-unknown', `there is no dataset ${dataset}. ${hint}`, { cause })
}

async function waitFor(context: CliContext, gateway: Gateway, batch: BatchView): Promise<BatchView> {
  const bar = context.interactive ? barOf(batch.id, batch.counts.received) : undefined
  try {
    return await gateway.settled(batch.id, ({ counts }) => bar?.update(counts.received - counts.pending))
  } finally {
    bar?.stop()
  }
}

function barOf(name: string, total: number): SingleBar {
  const bar = new SingleBar({
    format: `${name} {bar} {percentage}% {eta_formatted}`,
    stream: process.stderr,
    hideCursor: true,
  })
  bar.start(total, 0)
  return bar
}

function countsLine({ counts }: BatchView): string {
  return Object.entries(counts)
    .map(([name, count]) => `${name} ${count}`)
    .join(', ')
}
