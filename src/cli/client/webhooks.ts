import { setTimeout as wait } from 'node:timers/promises'
import { Command, InvalidArgumentError } from 'commander'
import type { Static } from 'typebox'
import { TitianError } from '../../domain/error.ts'
import { CHOSEN_EVENTS, type ChosenEvent } from '../../notify/events.ts'
import type { AttemptView, NewWebhook, Replayed, Rotated, TestSent, WebhookView } from '../../notify/webhook-shapes.ts'
import type { CliContext } from '../context.ts'
import { type CredentialOptions, findCredentials } from './credentials.ts'
import { type Gateway, openGatewayClient } from './push.client.ts'

type Common = CredentialOptions & { platform: string; data: string; json?: true }
type Attempt = Static<typeof AttemptView>

const POLL_MS = 250
const TEST_SECONDS = 90
const PAGE = 500

/** `titian webhooks`: where a platform is told, and what was sent there. */
export function webhooksCommand(context: CliContext): Command {
  const command = new Command('webhooks').description(
    'Where a platform is told of what happens, and what was sent there',
  )
  const sub = (name: string, description: string) =>
    command
      .command(name)
      .description(description)
      .requiredOption('--platform <name>', 'platform whose webhooks they are')
      .option('--data <dir>', 'data folder of a local titian up, where address and client are found', context.dataDir)
      .option('--url <url>', 'address of the gateway, with --client and --secret-file')
      .option('--client <id>', 'client id with the webhooks:write scope')
      .option('--secret-file <file>', 'file that holds the client secret')
      .option('--json', 'print JSON')

  sub('list', 'List the webhooks of a platform and how they fare').action(async (options: Common) => {
    for (const webhook of await withGateway(context, options, allWebhooks)) say(options, webhook, lineOf(webhook))
  })

  sub('add', 'Add a webhook, or change one; a new one prints its secret, this once')
    .argument('<name>', 'a name of your own')
    .argument('<url>', 'https address that is told')
    .option('--events <type...>', `what it is told: ${CHOSEN_EVENTS.join(', ')}`, collectEvents)
    .action(async (name: string, url: string, options: Common & { events?: ChosenEvent[] }) => {
      const body = { url, events: options.events ?? [...CHOSEN_EVENTS] }
      const webhook = await withGateway(context, options, (gateway) =>
        gateway.put<Static<typeof NewWebhook>>(pathOf(name), body),
      )
      say(options, webhook, lineOf(webhook))
      if (webhook.secret === undefined) return
      if (!options.json) context.out(`secret  ${webhook.secret}`)
      context.err('The secret is shown this once: store it now.')
    })

  sub('remove', 'Remove a webhook, with what waits for it')
    .argument('<name>')
    .action(async (name: string, options: Common) => {
      await withGateway(context, options, (gateway) => gateway.remove(pathOf(name)))
      say(options, { name, removed: true }, `${name} is removed`)
    })

  sub('secret', 'Get another secret; the present one signs too for a while')
    .argument('<name>')
    .option('--overlap <hours>', 'how long, 0 to 168', '24')
    .action(async (name: string, options: Common & { overlap: string }) => {
      const body = { overlap_hours: Number(options.overlap) }
      const made = await withGateway(context, options, (gateway) =>
        gateway.post<Static<typeof Rotated>>(`${pathOf(name)}/secret`, body),
      )
      say(options, made, `secret  ${made.secret}`)
      const until = made.earlier_secret_until
      context.err(`Store it now. The earlier one signs ${until === null ? 'no more' : `too until ${until}`}.`)
    })

  sub('test', 'Send a test and say how it went; ends with 1 when it did not arrive')
    .argument('<name>')
    .action(async (name: string, options: Common) => {
      const attempt = await withGateway(context, options, async (gateway) => {
        const { event } = await gateway.post<Static<typeof TestSent>>(`${pathOf(name)}/test`)
        return endOf(gateway, `${pathOf(name)}/attempts?event=${event}`, context.signal)
      })
      say(options, attempt, attemptLine(attempt))
      if (attempt.result !== 'delivered') context.exit(1)
    })

  sub('replay', 'Send the events of a span of time again')
    .argument('<name>')
    .requiredOption('--from <time>', 'ISO time', isoTime)
    .option('--to <time>', 'ISO time, not included; now if not given', isoTime)
    .action(async (name: string, options: Common & { from: string; to?: string }) => {
      const to = options.to ?? new Date().toISOString()
      const events = await withGateway(context, options, async (gateway) => {
        let total = 0
        for (let from: string | null = options.from; from !== null; ) {
          const page: Static<typeof Replayed> = await gateway.post(`${pathOf(name)}/replay`, { from, to })
          total += page.events
          from = page.next
        }
        return total
      })
      say(options, { name, events }, `${events} events are sent again`)
    })

  sub('log', 'List attempts, the newest first')
    .argument('<name>')
    .option('--limit <number>', 'how many, 1 to 500', '50')
    .action(async (name: string, options: Common & { limit: string }) => {
      const path = `${pathOf(name)}/attempts?limit=${encodeURIComponent(options.limit)}`
      const { attempts } = await withGateway(context, options, (gateway) => gateway.get<{ attempts: Attempt[] }>(path))
      for (const attempt of attempts) say(options, attempt, attemptLine(attempt))
    })
  return command

  function say({ json }: Common, value: object, line: string): void {
    context.out(json ? JSON.stringify(value) : line)
  }
}

async function withGateway<T>(
  context: CliContext,
  options: Common,
  work: (gateway: Gateway) => Promise<T>,
): Promise<T> {
  const credentials = await findCredentials(options, options.data, { platform: options.platform })
  const gateway = openGatewayClient(credentials, context.signal, context.env)
  try {
    return await work(gateway)
  } finally {
    await gateway.close()
  }
}

async function allWebhooks(gateway: Gateway): Promise<Static<typeof WebhookView>[]> {
  return (await gateway.get<{ webhooks: Static<typeof WebhookView>[] }>(`/v1/webhooks?limit=${PAGE}`)).webhooks
}

/** Waits until the attempt of a test has ended. */
async function endOf(gateway: Gateway, path: string, signal: AbortSignal): Promise<Attempt> {
  for (const until = Date.now() + TEST_SECONDS * 1000; Date.now() < until; await wait(POLL_MS, undefined, { signal })) {
    const { attempts } = await gateway.get<{ attempts: Attempt[] }>(path)
    const ended = attempts.find(({ result }) => result !== null)
    if (ended !== undefined) return ended
  }
  throw new TitianError('unavailable', 'no worker has sent the test: is titian work running?')
}

function lineOf({ name, state, url, events, disabled_reason, due, failed }: Static<typeof WebhookView>): string {
  const why = disabled_reason === null ? '' : ` (${disabled_reason})`
  return [name, `${state}${why}`, url, events.join(','), `${due} due`, `${failed} given up`].join('\t')
}

function attemptLine({ started_at, event, type, number, result, status, milliseconds, next_try_at }: Attempt): string {
  const how = [result ?? 'under way, or cut off', status ?? ''].join(' ').trim()
  const next = next_try_at === null ? '' : `next ${next_try_at}`
  return [started_at, event, type, `attempt ${number}`, how, `${milliseconds ?? '-'} ms`, next].join('\t').trimEnd()
}

function pathOf(name: string): string {
  return `/v1/webhooks/${encodeURIComponent(name)}`
}

function collectEvents(text: string, earlier: ChosenEvent[] = []): ChosenEvent[] {
  const types = text.split(/[\s,]+/).filter(Boolean)
  const known = CHOSEN_EVENTS.filter((type) => types.includes(type))
  if (known.length < new Set(types).size) throw new InvalidArgumentError(`events are: ${CHOSEN_EVENTS.join(', ')}`)
  return [...new Set([...earlier, ...known])]
}

function isoTime(text: string): string {
  const time = new Date(text)
  if (Number.isNaN(time.getTime())) throw new InvalidArgumentError('an ISO time, as 2026-11-28T08:00:00+07:00')
  return time.toISOString()
}
