import { Command } from 'commander'
import type { Static } from 'typebox'
import type { Judging } from '../../link/persons/link-shapes.ts'
import { type CredentialOptions, findCredentials } from '../client/credentials.ts'
import { openGatewayClient } from '../client/push.client.ts'
import type { CliContext } from '../context.ts'

type Options = CredentialOptions & { data: string; wait?: true; json?: true }

/** `titian link relink`: lets another model judge what is there already. */
export function relinkCommand(context: CliContext): Command {
  return new Command('relink')
    .alias('again')
    .description('Judge all records of persons again, after another model was put in place; decisions of stewards stay')
    .option('--wait', 'wait until it is done')
    .option('--json', 'print JSON')
    .option('--data <dir>', 'data folder of a local titian up, where address and client are found', context.dataDir)
    .option('--url <url>', 'address of the gateway, with --client and --secret-file')
    .option('--client <id>', 'client id with the steward scope')
    .option('--secret-file <file>', 'file that holds the client secret')
    .action(async (options: Options) => {
      const steward = await findCredentials(options, options.data, { role: 'steward' })
      const gateway = openGatewayClient(steward, context.signal, context.env)
      try {
        const begun = await gateway.post<Static<typeof Judging>>('/v1/links/again')
        const batch = options.wait ? await gateway.settled(begun.batch) : undefined
        if (options.json) return context.out(JSON.stringify({ ...begun, ...(batch && { counts: batch.counts }) }))
        context.out(`${begun.batch}: ${begun.records} records are judged again`)
        if (batch !== undefined) context.out(`${batch.counts.updated} of them led to a change`)
      } finally {
        await gateway.close()
      }
    })
}
