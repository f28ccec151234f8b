import { Command } from 'commander'
import type pg from 'pg'
import { TitianError } from '../../domain/error.ts'
import type { OpenDelivery } from '../../forward/operate/delivery-way.ts'
import { retryDelivery, selectOpenDeliveries, selectPause } from '../../forward/operate/operate.sql.ts'
import { type ResendDeps, type Resent, resendDeliveries } from '../../forward/operate/resend.db.ts'
import { inTransaction } from '../../io/postgres/postgres.ts'
import { keySettingsOf, loadKeyRing } from '../../trust/keys/keyring.file.ts'
import { openVault } from '../../trust/keys/vault.ts'
import { painter } from '../colour.ts'
import type { CliContext } from '../context.ts'
import { shellActor } from '../shell-actor.ts'
import { table } from '../table.ts'

const POSITION = /^(0|([0-9a-f]{12}-)?[1-9][0-9]{0,17})$/

type Options = { data: string; json?: true; limit: string }

export function deliveriesCommand(context: CliContext): Command {
  const command = new Command('deliveries').description('Deliveries that the receiver has not acknowledged')
  const withCommon = (sub: Command) =>
    sub.option('--data <dir>', 'data folder of the installation', context.dataDir).option('--json', 'print JSON')

  withCommon(command.command('list', { isDefault: true }))
    .description('List the oldest open deliveries: what the receiver said last, and when they are tried next')
    .option('--limit <number>', 'how many, at most', '100')
    .action(async (options: Options) => {
      const limit = Number(options.limit)
      if (!Number.isInteger(limit) || limit < 1 || limit > 10_000)
        throw new TitianError('bad-request', '--limit is 1 to 10000')
      await withDatabase(context, options, async (db) => {
        const { open, deliveries } = await selectOpenDeliveries(db, limit)
        const pause = await selectPause(db)
        if (options.json) for (const delivery of deliveries) context.out(JSON.stringify(delivery))
        else for (const line of linesOf(deliveries, painter(context))) context.out(line)
        context.err(`${open} open${pause === null ? '' : `; the receiver is left alone until ${pause.toISOString()}`}`)
        const [first] = deliveries.filter(({ dueAt }) => dueAt !== null)
        if (first && !options.json)
          context.err(
            `Next: titian deliveries retry ${first.id}   once what it says is mended; titian batches ${first.batch}`,
          )
      })
    })

  withCommon(command.command('retry'))
    .description('Try deliveries again at once, and end the pause of the receiver')
    .argument('<id...>', 'ids of deliveries')
    .action(async (ids: string[], options: Options) => {
      await withDatabase(context, options, async (db) => {
        for (const id of ids) {
          const retry = await inTransaction(db, (tx) => retryDelivery(tx, id, shellActor()))
          if (retry === 'unknown') throw new TitianError('not-found', `there is no delivery ${id}`)
          context.out(options.json ? JSON.stringify({ delivery: id, retry }) : `${id}\t${retry}`)
        }
      })
    })

  withCommon(command.command('resend'))
    .description('Send acknowledged deliveries again, for a receiver that was restored to an older copy')
    .requiredOption('--from <position>', 'the first place of the feed')
    .option('--to <position>', 'the last place of the feed; else all that follow')
    .requiredOption('--reason <text>', 'why; it is kept sealed, and audited')
    .action(async (options: ResendOptions) => {
      const ring = await loadKeyRing(keySettingsOf(context.env), options.data)
      const vault = openVault(ring)
      await withDatabase(context, options, (db) => resendAll(context, { db, vault }, options))
    })
  return command
}

type ResendOptions = Options & { from: string; to?: string; reason: string }

async function resendAll(context: CliContext, deps: ResendDeps, { from, to, reason, json }: ResendOptions) {
  if (![from, to ?? from].every((place) => POSITION.test(place)))
    throw new TitianError('bad-request', '--from and --to are places of the feed, as GET /v1/deliveries gives them')
  const sum = { resent: 0, open: 0, gone: 0 }
  for (let next: string | null = from; next !== null; ) {
    const done: Resent = await resendDeliveries(deps, { from: next, ...(to && { to }), reason, actor: shellActor() })
    for (const id of done.gone) context.err(`${id} is past its retention: its bytes are destroyed`)
    sum.resent += done.resent
    sum.open += done.open
    sum.gone += done.gone.length
    next = done.next
  }
  context.out(json ? JSON.stringify(sum) : `${sum.resent} are sent again, ${sum.open} were open, ${sum.gone} are gone`)
}

function linesOf(deliveries: readonly OpenDelivery[], paint: ReturnType<typeof painter>): string[] {
  if (deliveries.length === 0) return ['  none is open']
  const rows = deliveries.map(({ id, platform, records, status, attempts, lastAnswer, dueAt }) => [
    id,
    platform,
    String(records),
    status === 'refused' ? paint('red', status) : status,
    String(attempts),
    lastAnswer ?? '-',
    dueAt === null ? 'under way' : dueAt.toISOString(),
  ])
  const head = ['delivery', 'platform', 'records', 'status', 'attempts', 'last answer', 'next try']
  return table([head, ...rows], 2, 2)
}

async function withDatabase<T>(context: CliContext, { data }: Options, work: (db: pg.Pool) => Promise<T>): Promise<T> {
  const db = await context.openDatabase(data)
  try {
    return await work(db)
  } finally {
    await db.end()
  }
}
