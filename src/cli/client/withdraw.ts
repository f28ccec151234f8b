import { Command, Option } from 'commander'
import type { Static } from 'typebox'
import { GIVEN_REASONS } from '../../domain/withdrawal.ts'
import type { Withdrawal } from '../../link/withdraw/withdraw-shapes.ts'
import type { CliContext } from '../context.ts'
import { type CredentialOptions, findCredentials } from './credentials.ts'
import { type Gateway, openGatewayClient } from './push.client.ts'

type Options = CredentialOptions & {
  platform: string
  reason: string
  dataset: string
  data: string
  wait?: true
  json?: true
}
type Answer = Static<typeof Withdrawal>

/** `titian withdraw`: takes back what a platform stated. */
export function withdrawCommand(context: CliContext): Command {
  const command = new Command('withdraw').description('Take back what a platform stated; BPS is told')
  const record = command
    .command('record')
    .description('Take back one record, by the platform’s own key')
    .argument('<key>', 'key of an entry, or of a member inside one')
    .requiredOption('--dataset <name>', 'dataset of the record')
  withOptions(record, context).action((key: string, options: Options) =>
    run(context, options, (gateway) => {
      const path = `/v1/records/${encodeURIComponent(options.dataset)}/${encodeURIComponent(key)}`
      return gateway.remove<Answer>(`${path}?reason=${options.reason}`)
    }),
  )
  const batch = command
    .command('batch')
    .description('Take back the records whose latest state came in a batch')
    .argument('<id>', 'id of the batch')
  withOptions(batch, context).action((id: string, options: Options) =>
    run(context, options, (gateway) =>
      gateway.post<Answer>(`/v1/batches/${encodeURIComponent(id)}/withdraw`, { reason: options.reason }),
    ),
  )
  return command
}

function withOptions(command: Command, context: CliContext): Command {
  return command
    .requiredOption('--platform <name>', 'platform that takes it back')
    .addOption(new Option('--reason <code>', 'why').choices(GIVEN_REASONS).makeOptionMandatory())
    .option('--wait', 'wait until BPS has been told')
    .option('--json', 'print JSON')
    .option('--data <dir>', 'data folder of a local titian up, where address and client are found', context.dataDir)
    .option('--url <url>', 'address of the gateway, with --client and --secret-file')
    .option('--client <id>', 'client id with the batches:write scope')
    .option('--secret-file <file>', 'file that holds the client secret')
}

async function run(context: CliContext, options: Options, ask: (gateway: Gateway) => Promise<Answer>): Promise<void> {
  const credentials = await findCredentials(options, options.data, options)
  const gateway = openGatewayClient(credentials, context.signal, context.env)
  try {
    const done = await ask(gateway)
    const batch = options.wait ? await gateway.settled(done.batch.id) : done.batch
    if (options.json) return context.out(JSON.stringify({ ...done, batch }))
    const { received, updated, unchanged, pending } = batch.counts
    const sums = `received ${received}, withdrawn ${updated}, nothing to withdraw ${unchanged}, pending ${pending}`
    context.out(`${batch.id}: ${batch.state}; ${sums}`)
  } finally {
    await gateway.close()
  }
}
