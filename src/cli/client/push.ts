import { randomUUID } from 'node:crypto'
import { basename } from 'node:path'
import { SingleBar } from 'cli-progress'
import { Command } from 'commander'
import { TitianError } from '../../domain/error.ts'
import type { BatchView } from '../../engine/batch-view.sql.ts'
import type { CliContext } from '../context.ts'
import { writeBadRows } from './bad-rows.file.ts'
import { type CredentialOptions, findCredentials } from './credentials.ts'
import { filesNamed } from './files.file.ts'
import { filePayload } from './payload.ts'
import { type Gateway, openGatewayClient, type Pushed } from './push.client.ts'
import { requireReadable } from './readable.ts'
import { refusalOfDataset } from './refusal.ts'

type Options = CredentialOptions & {
  platform: string
  dataset: string
  data?: string
  key?: string
  wait?: boolean
  rows?: boolean
  timeout?: string
  snapshot?: boolean
  json?: boolean
}

// What is smaller is sent again from its beginning sooner than an upload is begun and asked after.
const RESUMED_BYTES = 1024 * 1024

/** `titian push`: each file becomes one batch. */
export function pushCommand(context: CliContext): Command {
  return new Command('push')
    .description('Push files to the gateway, each as one batch')
    .argument('<file...>', 'files, folders or patterns: .ndjson, .json or .csv, also as .gz or .zst')
    .requiredOption('--platform <name>', 'platform that pushes')
    .requiredOption('--dataset <name>', 'dataset that the files are of')
    .option('--snapshot', 'the file states the whole of the dataset: records that it does not hold are withdrawn')
    .option('--wait', 'wait until the batches are settled')
    .option('--rows', 'with --wait: write rejected and held rows beside each file')
    .option('--timeout <seconds>', 'give up after so many seconds')
    .option('--json', 'print one line of JSON for each file')
    .option('--key <text>', 'idempotency key; without it each file gets a fresh one')
    .option('--data <dir>', 'data folder of a local titian up, where address and client are found')
    .option('--url <url>', 'address of the gateway, with --client and --secret-file')
    .option('--client <id>', 'client id')
    .option('--secret-file <file>', 'file that holds the client secret')
    .action(async (named: string[], options: Options) => {
      if (options.rows && !options.wait) throw new TitianError('config-invalid', '--rows goes with --wait')
      const limit = limitOf(options.timeout)
      const files = await filesNamed(named)
      await requireReadable(files)
      if (options.snapshot && files.length > 1) {
        throw new TitianError(
          'config-invalid',
          'a snapshot is one file: several would each withdraw what the others hold',
        )
      }
      const credentials = await findCredentials(options, options.data ?? context.dataDir, options)
      const signal = limit === undefined ? context.signal : AbortSignal.any([context.signal, limit])
      const gateway = openGatewayClient(credentials, signal, context.env)
      const waited: Waited = {}
      try {
        for (const [index, file] of files.entries()) {
          // A fixed key names one body: further files get a key of their own under it.
          const key = options.key === undefined ? undefined : index === 0 ? options.key : `${options.key}-${index}`
          const pushed = await pushFile(context, gateway, options, file, key)
          waited.batch = options.wait ? pushed.batch : undefined
          const batch = options.wait
            ? await waitFor(context, gateway, pushed.batch, waited, options.json)
            : pushed.batch
          const said = options.json
            ? JSON.stringify({ file: basename(file), replayed: pushed.replayed, ...batch })
            : `${basename(file)}: ${batch.id} ${batch.state}${pushed.replayed ? ' (same key and body as before)' : ''}; ${countsLine(batch)}`
          context.out(said)
          if (!options.rows) continue
          for (const path of await writeBadRows(gateway, file, batch)) context.err(`${path} written`)
        }
      } catch (error) {
        if (limit?.aborted !== true) throw error
        throw new TitianError('unavailable', notThrough(options.timeout, waited.batch), { cause: error })
      } finally {
        await gateway.close()
      }
    })
}

function limitOf(seconds: string | undefined): AbortSignal | undefined {
  if (seconds === undefined) return undefined
  if (!/^[1-9][0-9]{0,5}$/.test(seconds)) throw new TitianError('config-invalid', '--timeout is a number of seconds')
  return AbortSignal.timeout(Number(seconds) * 1000)
}

async function pushFile(
  context: CliContext,
  gateway: Gateway,
  { dataset, snapshot }: Options,
  file: string,
  key: string | undefined,
): Promise<Pushed> {
  const payload = await filePayload(file)
  const bar = context.interactive ? barOf(basename(file), payload.bytes, 'bytes') : undefined
  try {
    const sent = (bytes: number) => bar?.update(bytes)
    const isSnapshot = snapshot === true
    if (payload.bytes < RESUMED_BYTES)
      return await gateway.push(dataset, key ?? randomUUID(), payload, { sent, isSnapshot })
    return await gateway.resume({ dataset, isSnapshot, ...(key !== undefined && { key }) }, payload, sent)
  } catch (error) {
    throw error instanceof TitianError && error.code === 'dataset-unknown'
      ? await refusalOfDataset(gateway, dataset, error)
      : error
  } finally {
    bar?.stop()
  }
}

/** The batch that is waited for, as it was last seen. */
type Waited = { batch?: BatchView | undefined }

/** How far it is: the batch goes on whether anybody waits or not. */
function notThrough(seconds: string | undefined, batch: BatchView | undefined): string {
  if (batch === undefined) return `not through within ${seconds} seconds`
  const { received, pending } = batch.counts
  const left = pending > 0 ? `${pending} of ${received} records are pending` : 'BPS has not acknowledged it yet'
  return `${batch.id} is not settled within ${seconds} seconds: ${left}. It goes on by itself: titian batches ${batch.id}`
}

async function waitFor(
  context: CliContext,
  gateway: Gateway,
  batch: BatchView,
  waited: Waited,
  isQuiet = false,
): Promise<BatchView> {
  if (!context.interactive && !isQuiet && batch.settled_at === null)
    context.err(
      `${batch.id} received; waiting until all of it is linked and BPS has acknowledged it (Ctrl-C: it goes on)`,
    )

  const bar = context.interactive ? barOf(batch.id, batch.counts.received, 'records') : undefined
  try {
    return await gateway.settled(batch.id, (seen) => {
      waited.batch = seen
      bar?.update(seen.counts.received - seen.counts.pending)
    })
  } finally {
    bar?.stop()
  }
}

function barOf(name: string, total: number, unit: 'bytes' | 'records'): SingleBar {
  const bar = new SingleBar({
    format: (options, params) => {
      const seconds = Math.max((Date.now() - params.startTime) / 1000, 0.001)
      const rate = Math.round(params.value / seconds)
      const left = rate > 0 ? `${Math.ceil((params.total - params.value) / rate)} s left` : ''
      const told = unit === 'bytes' ? `${(rate / 1_000_000).toFixed(1)} MB/s` : `${rate} records/s`
      const size = options.barsize ?? 40
      const full = Math.round(params.progress * size)
      return `${name} ${'='.repeat(full)}${'-'.repeat(size - full)} ${Math.floor(params.progress * 100)}% ${told} ${left}`
    },
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
