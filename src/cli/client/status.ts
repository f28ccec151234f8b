import { setTimeout as delay } from 'node:timers/promises'
import { Command } from 'commander'
import { TitianError } from '../../domain/error.ts'
import { COUNTED } from '../../domain/states.ts'
import type { BatchView } from '../../engine/batch-view.sql.ts'
import { painter } from '../colour.ts'
import type { CliContext } from '../context.ts'
import { table } from '../table.ts'
import { type CredentialOptions, findCredentials } from './credentials.ts'
import { checkHealth } from './health.client.ts'
import { addressOf, type Gateway, openGatewayClient } from './push.client.ts'

type Status = {
  queues: Record<string, Record<string, number>>
  batches: BatchView[]
  conservation: Conserved
  deliveries: OpenDeliveries
}

type Conserved = { gap: number; delivered: number; open: number; open_deliveries: number; open_since: string | null }
type OpenDeliveries = {
  open: number
  paused_until: string | null
  deliveries: {
    delivery: string
    platform: string
    status: string
    attempts: number
    last_answer: string | null
    next_try_at: string | null
  }[]
}

type StatusOptions = CredentialOptions & { data: string; json?: true; watch?: string | true }

const LISTED = 20
const WATCH_SECONDS = 5
// The place of the cursor, and everything below it (ECMA-48).
const CLEAR = '\x1b[H\x1b[2J'
const OPEN_LISTED = 10

export function statusCommand(context: CliContext): Command {
  return new Command('status')
    .description('Show batches, queues and conservation of a running gateway; ends with 1 when a sum does not close')
    .option('--data <dir>', 'data folder of a local titian up, where address and client are found', context.dataDir)
    .option('--url <url>', 'address of the gateway, with --client and --secret-file of an ops client')
    .option('--client <id>', 'client id')
    .option('--secret-file <file>', 'file that holds the client secret')
    .option('--json', 'print JSON; with --watch a line each time')
    .option('--watch [seconds]', 'show it again and again (every 5 s), until Ctrl-C, or until a sum does not close')
    .action(async (options: StatusOptions) => {
      const pause = options.watch === undefined ? undefined : secondsOf(options.watch)
      const credentials = await findCredentials(options, options.data, { role: 'ops' })
      // Asked first: the client below is patient with a gateway that is away, as a push must be.
      await checkHealth(addressOf('/livez', credentials.url).href)
      const gateway = openGatewayClient(credentials, context.signal, context.env)
      try {
        for (;;) {
          const status = await readStatus(gateway)
          if (pause !== undefined && context.colour) context.out(CLEAR)
          if (options.json) context.out(JSON.stringify(status))
          else for (const line of describe(status, painter(context))) context.out(line)
          if (!options.json && pause === undefined) for (const line of nextSteps(status)) context.err(line)
          if (status.conservation.gap !== 0) return context.exit(1)
          if (pause === undefined) return
          if (!options.json) context.out(`\n${new Date().toISOString()}; again in ${pause} s, Ctrl-C ends it`)
          await delay(pause * 1000, undefined, { signal: context.signal }).catch(() => undefined)
          if (context.signal.aborted) return
        }
      } finally {
        await gateway.close()
      }
    })
}

async function readStatus(gateway: Gateway): Promise<Status> {
  const [queues, page, conservation, deliveries] = await Promise.all([
    gateway.get<{ queues: { name: string; counts: Record<string, number> }[] }>('/v1/queues'),
    gateway.get<{ batches: BatchView[] }>(`/v1/batches?limit=${LISTED}`),
    gateway.get<Conserved>('/v1/conservation'),
    gateway.get<OpenDeliveries>('/v1/deliveries/open'),
  ])
  return {
    queues: Object.fromEntries(queues.queues.map(({ name, counts }) => [name, counts])),
    batches: page.batches,
    conservation,
    deliveries,
  }
}

/** `--watch` alone is `true`. */
function secondsOf(watch: string | true): number {
  const seconds = watch === true ? WATCH_SECONDS : Number(watch)
  if (!Number.isInteger(seconds) || seconds < 1 || seconds > 3600)
    throw new TitianError('config-invalid', '--watch takes seconds, from 1 to 3600')
  return seconds
}

/** What to look at, where something is held, open or lost. */
function nextSteps({ batches, conservation, deliveries }: Status): string[] {
  const steps: string[] = []
  if (conservation.gap !== 0) steps.push('titian doctor   a sum does not close: somebody is to be called')
  if (batches.some(({ counts, corrected }) => counts.held > corrected.held))
    steps.push('titian held   what waits for somebody, and why')
  if (deliveries.deliveries.some(({ last_answer }) => last_answer !== null))
    steps.push('titian deliveries list   what the receiver said last: in words, of each')
  return steps.map((step, at) => `${at === 0 ? 'Next:' : '     '} ${step}`)
}

function describe({ queues, batches, conservation, deliveries }: Status, paint: ReturnType<typeof painter>): string[] {
  const count = (column: string, value: number) =>
    value > 0 && (column === 'held' || column === 'rejected') ? paint('yellow', String(value)) : String(value)
  const jobs = Object.entries(queues).map(([stage, counts]) => {
    const waiting = (counts.waiting ?? 0) + (counts.prioritized ?? 0) + (counts.delayed ?? 0)
    return [stage, String(waiting), String(counts.active ?? 0)]
  })
  const rows = batches.map(({ id, platform, dataset, state, counts }) => [
    id,
    platform,
    dataset,
    state,
    ...COUNTED.map((column) => count(column, counts[column])),
  ])
  return [
    `Batches (the newest ${LISTED})`,
    ...(rows.length > 0 ? table([['batch', 'platform', 'dataset', 'state', ...COUNTED], ...rows], 4) : ['  none']),
    '',
    'Queues',
    ...table([['stage', 'waiting', 'active'], ...jobs], 1),
    '',
    ...deliveryLines(deliveries, conservation),
    '',
    paint(conservation.gap === 0 ? 'green' : 'red', `Conservation gap ${conservation.gap}`),
  ]
}

/** Composed is not delivered: what BPS has, what is open and since when, and the oldest that are. */
function deliveryLines({ open, paused_until, deliveries }: OpenDeliveries, conservation: Conserved): string[] {
  const since = conservation.open_since === null ? '' : ` since ${conservation.open_since}`
  const rows = deliveries
    .slice(0, OPEN_LISTED)
    .map(({ delivery, platform, status, attempts, last_answer, next_try_at }) => [
      delivery,
      platform,
      status,
      String(attempts),
      last_answer ?? '-',
      next_try_at ?? 'under way',
    ])
  return [
    `Delivered ${conservation.delivered} entries; open ${conservation.open} in ${open} deliveries${since}`,
    ...(paused_until === null ? [] : [`  the receiver is left alone until ${paused_until}`]),
    ...(rows.length > 0
      ? table([['delivery', 'platform', 'status', 'attempts', 'last answer', 'next try'], ...rows], 6)
      : []),
  ]
}
