import { Command } from 'commander'
import { readConfig } from '../config.ts'
import { migrate } from '../io/migrate.ts'
import type { CliContext } from './context.ts'

export function migrateCommand(context: CliContext): Command {
  return new Command('migrate')
    .description('Bring the database to what this version needs; safe to run again, and from several places at once')
    .action(async () => {
      const { DATABASE_URL, DATABASE_OWNER_URL } = readConfig(context.env)
      const applied = await migrate(DATABASE_OWNER_URL ?? DATABASE_URL, new URL(DATABASE_URL).username)
      context.out(applied.length === 0 ? 'nothing to do' : applied.join('\n'))
    })
}
