import { Command } from 'commander'
import { readConfig } from '../../config.ts'
import { databaseOf } from '../../deps.ts'
import { migrate } from '../../io/postgres/migrate.ts'
import type { CliContext } from '../context.ts'

export function migrateCommand(context: CliContext): Command {
  return new Command('migrate')
    .description('Bring the database to what this version needs; safe to run again, and from several places at once')
    .action(async () => {
      const config = readConfig(context.env)
      const databaseUrl = databaseOf(config)
      const applied = await migrate(config.DATABASE_OWNER_URL ?? databaseUrl, new URL(databaseUrl).username)
      context.out(applied.length === 0 ? 'nothing to do' : applied.join('\n'))
    })
}
