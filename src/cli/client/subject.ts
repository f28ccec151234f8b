import { writeFile } from 'node:fs/promises'
import { Command } from 'commander'
import type { Static } from 'typebox'
import type { ErasureView } from '../../rights/erasure-shapes.ts'
import type { CliContext } from '../context.ts'
import { type CredentialOptions, findCredentials } from './credentials.ts'
import { type Gateway, openGatewayClient } from './push.client.ts'

type Options = CredentialOptions & { data: string; json?: true; certificate?: string }
type Answer = Static<typeof ErasureView>

/** `titian subject`: the rights of a person. One steward asks, another confirms. */
export function subjectCommand(context: CliContext): Command {
  const command = new Command('subject').description(
    'Rights of a person (UU PDP 27/2022): one steward asks, another confirms',
  )
  const erase = command
    .command('erase')
    .description('Ask for a person to be erased')
    .argument('<person>', 'id of the person, per_…')
    .requiredOption('--reason <text>', 'why; it is kept sealed')
  withOptions(erase, context).action((person: string, options: Options & { reason: string }) =>
    run(context, options, (gateway) =>
      gateway.post<Answer>(`/v1/subjects/${encodeURIComponent(person)}/erasure`, { reason: options.reason }),
    ),
  )
  const confirm = command
    .command('confirm')
    .description('Confirm an erasure that another steward asked for: it begins at once')
    .argument('<erasure>', 'id of the erasure, era_…')
  withOptions(confirm, context).action((id: string, options: Options) =>
    run(context, options, (gateway) => gateway.post<Answer>(`${pathOf(id)}/confirm`)),
  )
  const decline = command
    .command('decline')
    .description('Decline an erasure that nobody has confirmed')
    .argument('<erasure>', 'id of the erasure')
  withOptions(decline, context).action((id: string, options: Options) =>
    run(context, options, (gateway) => gateway.remove<Answer>(pathOf(id))),
  )
  const status = command
    .command('erasure')
    .description('Say how far an erasure is')
    .argument('<erasure>', 'id of the erasure')
    .option('--certificate <file>', 'write the signed certificate here, once it is done')
  withOptions(status, context).action((id: string, options: Options) =>
    run(context, options, (gateway) => gateway.get<Answer>(pathOf(id))),
  )
  return command
}

function pathOf(id: string): string {
  return `/v1/erasures/${encodeURIComponent(id)}`
}

function withOptions(command: Command, context: CliContext): Command {
  return command
    .option('--json', 'print JSON')
    .option('--data <dir>', 'data folder of a local titian up, where address and client are found', context.dataDir)
    .option('--url <url>', 'address of the gateway, with --client and --secret-file')
    .option('--client <id>', 'client id with the steward scope')
    .option('--secret-file <file>', 'file that holds the client secret')
}

async function run(context: CliContext, options: Options, ask: (gateway: Gateway) => Promise<Answer>): Promise<void> {
  const credentials = await findCredentials(options, options.data, { role: 'steward' })
  const gateway = openGatewayClient(credentials, context.signal, context.env)
  try {
    const erasure = await ask(gateway)
    if (options.certificate !== undefined && erasure.certificate !== null)
      await writeFile(options.certificate, erasure.certificate)
    if (options.json) return context.out(JSON.stringify(erasure))
    const { records, entries, deliveries, results } = erasure.destroyed
    const sums = `${records} records, ${entries} entries, ${deliveries} deliveries, ${results} results`
    context.out(`${erasure.id}: ${erasure.state}; ${sums}; ${erasure.waiting} waiting`)
  } finally {
    await gateway.close()
  }
}
