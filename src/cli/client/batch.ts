import { Command } from 'commander'
import type { Static } from 'typebox'
import { TitianError } from '../../domain/error.ts'
import type { Release } from '../../engine/batch-shapes.ts'
import type { CliContext } from '../context.ts'
import { type CredentialOptions, findCredentials } from './credentials.ts'
import { openGatewayClient } from './push.client.ts'

type Options = CredentialOptions & { data: string; code?: string[]; reason?: string; wait?: true; json?: true }

/** `titian batch`: what the ops team does with one batch. */
export function batchCommand(context: CliContext): Command {
  const command = new Command('batch').description('Operate one batch')
  command
    .command('release')
    .description('Work the held entries of a batch again, after a rule or a code list was mended')
    .argument('<id>', 'id of the batch')
    .option(
      '--code <code...>',
      'release the entries that these findings hold; key-reused has to be named, with --reason',
    )
    .option('--reason <text>', 'why; for findings that no mended rule or list answers')
    .option('--wait', 'wait until the batch is settled again')
    .option('--json', 'print JSON')
    .option('--data <dir>', 'data folder of a local titian up, where address and client are found', context.dataDir)
    .option('--url <url>', 'address of the gateway, with --client and --secret-file')
    .option('--client <id>', 'client id with the ops or steward scope')
    .option('--secret-file <file>', 'file that holds the client secret')
    .action(async (id: string, options: Options) => {
      const credentials = await findCredentials(options, options.data, { role: 'ops' })
      if (options.reason !== undefined && options.code === undefined)
        throw new TitianError('bad-request', '--reason goes with --code: which findings is it about?')
      const gateway = openGatewayClient(credentials, context.signal, context.env)
      try {
        const wish = options.code && { codes: options.code, ...(options.reason && { reason: options.reason }) }
        const done = await gateway.post<Static<typeof Release>>(`/v1/batches/${encodeURIComponent(id)}/release`, wish)
        const batch = options.wait ? await gateway.settled(id) : done.batch
        if (options.json) return context.out(JSON.stringify({ ...done, batch }))
        context.out(`${id}: ${done.released} entries released in ${done.chunks} chunks; now ${sums(batch.counts)}`)
        if (done.kept > 0)
          context.err(
            `${done.kept} entries stay held for other findings; key-reused is released by --code and --reason`,
          )
        if (done.gone > 0) context.err(`${done.gone} entries stay held: their source records are no longer kept`)
      } finally {
        await gateway.close()
      }
    })
  return command
}

function sums(counts: Record<string, number>): string {
  return Object.entries(counts)
    .map(([name, count]) => `${name} ${count}`)
    .join(', ')
}
