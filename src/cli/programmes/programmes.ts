import { Command } from 'commander'
import type { Static } from 'typebox'
import type { ProgrammePage } from '../../programmes/shapes.ts'
import { type CredentialOptions, findCredentials } from '../client/credentials.ts'
import { openGatewayClient } from '../client/push.client.ts'
import type { CliContext } from '../context.ts'
import { table } from '../table.ts'
import { candidatesCommand } from './candidates.ts'
import { whatIfCommand } from './what-if.ts'

type Options = CredentialOptions & { data: string; json?: true }

/** `titian programmes`: aid programmes, candidates among one's own residents, and what a changed rule would do. */
export function programmesCommand(context: CliContext): Command {
  const command = new Command('programmes').description("Aid programmes, and candidates among one's own residents")
  command
    .command('list')
    .description('Print the programmes with their settings')
    .option('--json', 'print JSON')
    .option('--data <dir>', 'data folder of a local titian up, where address and client are found', context.dataDir)
    .option('--url <url>', 'address of the gateway, with --client and --secret-file')
    .option('--client <id>', 'client id')
    .option('--secret-file <file>', 'file that holds the client secret')
    .action(async (options: Options) => {
      const credentials = await findCredentials(options, options.data, { role: 'ops' })
      const gateway = openGatewayClient(credentials, context.signal, context.env)
      try {
        const page = await gateway.get<Static<typeof ProgrammePage>>('/v1/programmes')
        if (options.json) return context.out(JSON.stringify(page))
        const rows = page.programmes.map(({ name, version, unit, valid, in_force, settings, title }) => [
          name,
          version,
          unit,
          in_force ? 'in force' : `${valid.from} to ${valid.to ?? ''}`,
          settings.map((one) => `${one.name}=${one.value}`).join(' '),
          title.en,
        ])
        for (const line of table([['programme', 'version', 'of', 'valid', 'settings', 'title'], ...rows], 6, 0))
          context.out(line)
      } finally {
        await gateway.close()
      }
    })
  return command.addCommand(candidatesCommand(context)).addCommand(whatIfCommand(context))
}
