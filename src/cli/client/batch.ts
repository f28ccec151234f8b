import { Command, Option } from 'commander'
import type { Static } from 'typebox'
import { TitianError } from '../../domain/error.ts'
import type { Batch, Release } from '../../engine/batch-shapes.ts'
import type { CliContext } from '../context.ts'
import { type CredentialOptions, findCredentials } from './credentials.ts'
import { type Gateway, openGatewayClient } from './push.client.ts'

type Options = CredentialOptions & {
  data: string
  code?: string[]
  reason?: string
  wait?: true
  json?: true
  platform?: string
}
type BatchAnswer = Static<typeof Batch>

/** `titian batch`: what the ops team, or a platform, does with one batch. */
export function batchCommand(context: CliContext): Command {
  const command = new Command('batch').description('Operate one batch')
  const release = command
    .command('release')
    .description('Work the held entries of a batch again, after a rule or a code list was mended')
    .argument('<id>', 'id of the batch')
    .option(
      '--code <code...>',
      'release the entries that these findings hold; key-reused has to be named, with --reason',
    )
    .option('--reason <text>', 'why; for findings that no mended rule or list answers')
    .option('--wait', 'wait until the batch is settled again')
  withOptions(release, context, 'client id with the ops or steward scope').action((id: string, options: Options) => {
    if (options.reason !== undefined && options.code === undefined)
      throw new TitianError('bad-request', '--reason goes with --code: which findings is it about?')
    return withGateway(context, options, async (gateway) => {
      const { code, reason } = options
      const wish = code && { codes: code, ...(reason && { reason }) }
      const done = await gateway.post<Static<typeof Release>>(`/v1/batches/${encodeURIComponent(id)}/release`, wish)
      const batch = options.wait ? await gateway.settled(id) : done.batch
      if (options.json) return context.out(JSON.stringify({ ...done, batch }))
      context.out(`${id}: ${done.released} entries released in ${done.chunks} chunks; now ${sums(batch.counts)}`)
      if (done.kept > 0)
        context.err(`${done.kept} entries stay held for other findings; key-reused is released by --code and --reason`)
      if (done.gone > 0) context.err(`${done.gone} entries stay held: their source records are no longer kept`)
    })
  })

  const abort = command
    .command('abort')
    .description('End a batch: entries that are not linked yet are rejected, linked ones stay')
    .argument('<id>', 'id of the batch')
    .option('--platform <name>', 'platform that pushed it; without it, operators do it')
  withOptions(abort, context, 'client id with the batches:write or ops scope').action((id: string, options: Options) =>
    withGateway(context, options, async (gateway) => {
      const batch = await gateway.post<BatchAnswer>(`/v1/batches/${encodeURIComponent(id)}/abort`)
      context.out(options.json ? JSON.stringify(batch) : `${id}: aborted; ${sums(batch.counts)}`)
    }),
  )

  const snapshot = command
    .command('snapshot')
    .description('Decide about a snapshot that is held because too much is absent from it')
    .argument('<id>', 'id of the batch')
    .addOption(
      new Option('--decision <what>', 'withdraw what is absent, or keep it')
        .choices(['withdraw', 'keep'])
        .makeOptionMandatory(),
    )
    .requiredOption('--reason <text>', 'why; it is kept sealed')
  withOptions(snapshot, context, 'client id with the ops scope').action(
    (id: string, { decision, reason, ...options }: Options & { decision: string; reason: string }) =>
      withGateway(context, options, async (gateway) => {
        const path = `/v1/batches/${encodeURIComponent(id)}/snapshot`
        const batch = await gateway.post<BatchAnswer>(path, { decision, reason })
        const said = `${id}: ${batch.snapshot?.state}; ${batch.snapshot?.absent} of ${batch.snapshot?.standing} records absent`
        context.out(options.json ? JSON.stringify(batch) : said)
      }),
  )
  return command
}

function withOptions(command: Command, context: CliContext, client: string): Command {
  return command
    .option('--json', 'print JSON')
    .option('--data <dir>', 'data folder of a local titian up, where address and client are found', context.dataDir)
    .option('--url <url>', 'address of the gateway, with --client and --secret-file')
    .option('--client <id>', client)
    .option('--secret-file <file>', 'file that holds the client secret')
}

async function withGateway(
  context: CliContext,
  options: Options,
  act: (gateway: Gateway) => Promise<void>,
): Promise<void> {
  const { platform } = options
  const credentials = await findCredentials(options, options.data, platform ? { platform } : { role: 'ops' })
  const gateway = openGatewayClient(credentials, context.signal, context.env)
  try {
    await act(gateway)
  } finally {
    await gateway.close()
  }
}

function sums(counts: Record<string, number>): string {
  return Object.entries(counts)
    .map(([name, count]) => `${name} ${count}`)
    .join(', ')
}
