import { Command } from 'commander'
import { type CredentialOptions, findCredentials } from '../client/credentials.ts'
import { openGatewayClient } from '../client/push.client.ts'
import type { CliContext } from '../context.ts'

type Options = CredentialOptions & { data: string; platform?: string }

/** `titian links export`: which source record is which person. */
export function linksCommand(context: CliContext): Command {
  const command = new Command('links').description('Which source record is which person')
  command
    .command('export')
    .description('Print a line {platform, dataset, source_key, person_id} for every record of a person')
    .option('--platform <name>', 'records of one platform')
    .option('--data <dir>', 'data folder of a local titian up, where address and client are found', context.dataDir)
    .option('--url <url>', 'address of the gateway, with --client and --secret-file')
    .option('--client <id>', 'client id; without the steward scope source keys are hashes')
    .option('--secret-file <file>', 'file that holds the client secret')
    .action(async ({ platform, ...options }: Options) => {
      const credentials = await findCredentials(options, options.data, { role: 'steward' })
      const gateway = openGatewayClient(credentials, context.signal, context.env)
      const query = platform === undefined ? '' : `?platform=${encodeURIComponent(platform)}`
      try {
        for await (const line of gateway.lines(`/v1/links${query}`)) context.out(line)
      } finally {
        await gateway.close()
      }
    })
  return command
}
