import { Command } from 'commander'
import type { Static } from 'typebox'
import type { RetentionReport } from '../../reports/retention.route.ts'
import type { CliContext } from '../context.ts'
import { table } from '../table.ts'
import { type AskOptions, asking, withAskOptions } from './asking.ts'

/** `titian retention`: how long what is kept, by the agreements. */
export function retentionCommand(context: CliContext): Command {
  const command = new Command('retention').description('How long records are kept, by the agreements')
  const report = command
    .command('report')
    .description('Each dataset: how long its records are kept, how many there are, and how many were taken out')
  withAskOptions(report, context).action((options: AskOptions) =>
    asking(context, options, async (gateway) => {
      const { datasets } = await gateway.get<Static<typeof RetentionReport>>('/v1/retention', 'en')
      if (options.json) return context.out(JSON.stringify({ datasets }))
      const cells = datasets.map(({ platform, dataset, agreement, days, records, oldest, expired }) => [
        platform,
        dataset,
        agreement ?? '',
        days === null ? 'without end' : `${days} days`,
        String(records),
        oldest?.slice(0, 10) ?? '',
        String(expired),
      ])
      const head = ['platform', 'dataset', 'agreement', 'kept', 'records', 'oldest', 'taken out']
      for (const line of table([head, ...cells], 4, 4)) context.out(line)
    }),
  )
  return command
}
