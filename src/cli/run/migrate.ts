import { Command } from 'commander'
import { readConfig } from '../../config.ts'
import { databaseOf } from '../../deps.ts'
import { migrate } from '../../io/postgres/migrate.ts'
import type { CliContext } from '../context.ts'

export function migrateCommand(context: CliContext): Command {
  return new Command('migrate')
    .description('Bring the database to what this version needs; safe to run again, and from several places at once')
    .option(
      '--distributed',
      'spread the tables that grow with the nation over the workers of Citus, with the rows they have; nothing may run meanwhile',
    )
    .action(async ({ distributed = false }: { distributed?: boolean }) => {
      const config = readConfig(context.env)
      const databaseUrl = databaseOf(config)
      const owner = config.DATABASE_OWNER_URL ?? databaseUrl
      const applied = await migrate(owner, new URL(databaseUrl).username, { distributed })
      context.out(applied.length === 0 ? 'nothing to do' : applied.join('\n'))
    })
}
