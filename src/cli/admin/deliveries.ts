import { Command } from 'commander'
import type pg from 'pg'
import { TitianError } from '../../domain/error.ts'
import { type OpenDelivery, retryDelivery, selectOpenDeliveries, selectPause } from '../../forward/operate.sql.ts'
import { inTransaction } from '../../io/postgres/postgres.ts'
import type { CliContext } from '../context.ts'

type Options = { data: string; json?: true; limit: string }

export function deliveriesCommand(context: CliContext): Command {
  const command = new Command('deliveries').description('Deliveries that the receiver has not acknowledged')
  const withCommon = (sub: Command) =>
    sub.option('--data <dir>', 'data folder of the installation', context.dataDir).option('--json', 'print JSON')

  withCommon(command.command('list'))
    .description('List the oldest open deliveries: what the receiver said last, and when they are tried next')
    .option('--limit <number>', 'how many, at most', '100')
    .action(async (options: Options) => {
      const limit = Number(options.limit)
      if (!Number.isInteger(limit) || limit < 1 || limit > 10_000)
        throw new TitianError('bad-request', '--limit is 1 to 10000')
      await withDatabase(context, options, async (db) => {
        const { open, deliveries } = await selectOpenDeliveries(db, limit)
        const pause = await selectPause(db)
        for (const delivery of deliveries) context.out(options.json ? JSON.stringify(delivery) : lineOf(delivery))
        context.err(`${open} open${pause === null ? '' : `; the receiver is left alone until ${pause.toISOString()}`}`)
      })
    })

  withCommon(command.command('retry'))
    .description('Try deliveries again at once, and end the pause of the receiver')
    .argument('<id...>', 'ids of deliveries')
    .action(async (ids: string[], options: Options) => {
      const actor = `shell:${process.getuid?.() ?? 'unknown'}`
      await withDatabase(context, options, async (db) => {
        for (const id of ids) {
          const retry = await inTransaction(db, (tx) => retryDelivery(tx, id, actor))
          if (retry === 'unknown') throw new TitianError('not-found', `there is no delivery ${id}`)
          context.out(options.json ? JSON.stringify({ delivery: id, retry }) : `${id}\t${retry}`)
        }
      })
    })
  return command
}

function lineOf({ id, platform, records, attempts, lastAnswer, dueAt }: OpenDelivery): string {
  const next = dueAt === null ? 'under way' : `next ${dueAt.toISOString()}`
  return [id, platform, `${records} records`, `${attempts} attempts`, lastAnswer ?? '-', next].join('\t')
}

async function withDatabase<T>(context: CliContext, { data }: Options, work: (db: pg.Pool) => Promise<T>): Promise<T> {
  const db = await context.openDatabase(data)
  try {
    return await work(db)
  } finally {
    await db.end()
  }
}
