import { Command, InvalidArgumentError } from 'commander'
import type pg from 'pg'
import { TitianError } from '../../domain/error.ts'
import { selectAlerts, silenceAlert } from '../../watch/alerts/alert.sql.ts'
import { MINUTES } from '../../watch/alerts/troubles.ts'
import type { CliContext } from '../context.ts'
import { table } from '../table.ts'

type Options = { data: string; json?: true }

export function alertsCommand(context: CliContext): Command {
  const command = new Command('alerts').description('What is wrong at this moment, as alerts are told of it')
  command
    .command('list')
    .description('List alerts that hold, whether somebody was told, and until when they are silenced')
    .option('--data <dir>', 'data folder of a local titian up', context.dataDir)
    .option('--json', 'print JSON')
    .action((options: Options) =>
      withDatabase(context, options, async (db) => {
        const alerts = await selectAlerts(db)
        if (options.json) return context.out(JSON.stringify(alerts))
        if (alerts.length === 0) return context.out('nothing is wrong')
        const rows = alerts.map(({ name, of, value, since, told, silentUntil }) => [
          ...[name, of || '-', String(Math.round(value * 100) / 100), since.toISOString()],
          ...[
            told ? `told ${told.toISOString()}` : 'not told',
            silentUntil ? `silent until ${silentUntil.toISOString()}` : '',
          ],
        ])
        for (const line of table(rows, 2, 2)) context.out(line)
      }),
    )
  command
    .command('silence')
    .description('Tell nobody of an alert for some hours; 0 ends the silence')
    .argument('<name>', 'the alert')
    .requiredOption('--hours <number>', 'for how long', parseHours)
    .requiredOption('--reason <text>', 'why')
    .option('--of <subject>', 'only of this platform, stage, receiver or folder', '')
    .option('--data <dir>', 'data folder of a local titian up', context.dataDir)
    .action(
      (name: string, { hours, reason, of, ...options }: Options & { hours: number; reason: string; of: string }) =>
        withDatabase(context, options, async (db) => {
          if (!MINUTES.has(name))
            throw new TitianError('bad-request', `there is no alert ${name}: ${[...MINUTES.keys()].join(', ')}`)
          await silenceAlert(db, { name, of, hours, reason, by: `shell:${process.getuid?.() ?? 'unknown'}` })
          context.out(hours === 0 ? `${name} is told again` : `${name} is silent for ${hours} h`)
        }),
    )
  return command
}

function parseHours(text: string): number {
  const hours = Number(text)
  if (!Number.isInteger(hours) || hours < 0 || hours > 720) throw new InvalidArgumentError('hours are 0 to 720')
  return hours
}

async function withDatabase(
  context: CliContext,
  { data }: Options,
  work: (db: pg.Pool) => Promise<void>,
): Promise<void> {
  const db = await context.openDatabase(data)
  try {
    await work(db)
  } finally {
    await db.end()
  }
}
