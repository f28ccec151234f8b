import { Command } from 'commander'
import type pg from 'pg'
import { renewFeed } from '../../forward/feed-epoch.sql.ts'
import { startEmbedded } from '../../io/local/embedded.ts'
import { lockFolder } from '../../io/local/folder-lock.ts'
import { migrate } from '../../io/postgres/migrate.ts'
import { inTransaction, openPool } from '../../io/postgres/postgres.ts'
import { appendAudit } from '../../trust/audit/audit.sql.ts'
import type { CliContext } from '../context.ts'
import { acceptEnd } from './known-end.ts'

export function restoreCommand(context: CliContext): Command {
  return new Command('restore')
    .description(
      'After an older copy of the database was put back: begin the feed of deliveries anew, and write it down',
    )
    .option('--data <dir>', 'data folder of the installation', context.dataDir)
    .action(async ({ data }: { data: string }) => {
      await using database = await openRestored(context.env, data)
      const epoch = await inTransaction(database.pool, async (tx) => {
        const renewed = await renewFeed(tx)
        await appendAudit(tx, {
          actor: `shell:${process.getuid?.() ?? 'unknown'}`,
          action: 'feed.renewed',
          object: renewed,
        })
        return renewed
      })
      await acceptEnd(database.pool, data)
      context.out(`the feed of deliveries began anew (epoch ${epoch})`)
      context.err(
        'Pullers are told to read from 0. What platforms pushed after the copy was made must be pushed again.',
      )
    })
}

type Restored = AsyncDisposable & { pool: pg.Pool }

/** The database that was put back, brought to this version: DATABASE_URL, or the embedded one of a data folder that is not up. */
async function openRestored(env: CliContext['env'], data: string): Promise<Restored> {
  await using stack = new AsyncDisposableStack()
  let urls = { app: env.DATABASE_URL ?? '', owner: env.DATABASE_OWNER_URL ?? env.DATABASE_URL ?? '' }
  if (!env.DATABASE_URL) {
    stack.use(await lockFolder(data))
    const server = await startEmbedded(data)
    stack.defer(() => server.stop())
    urls = { app: server.urlFor('titian', 'titian'), owner: server.urlFor('titian_owner', 'titian') }
  }
  await migrate(urls.owner, new URL(urls.app).username)
  const pool = openPool(urls.app, 2)
  stack.defer(() => pool.end())
  const kept = stack.move()
  return { pool, [Symbol.asyncDispose]: () => kept.disposeAsync() }
}
