import type { ClientBase } from 'pg'
import { TitianError } from '../../domain/error.ts'
import { migrateQueue, QUEUE_SCHEMA } from '../queue.ts'
import { distributeTables, requireDistributable } from './distribute.db.ts'
import { selectTableForm, takeShardsInTurn } from './distribute.sql.ts'
import { MIGRATIONS, readMigrations } from './migration.file.ts'
import { withClient } from './postgres.ts'
import { PRESENT_SECONDS } from './presence.db.ts'
import { countOlder, hasProcesses, noteBreaking } from './process.sql.ts'
import { grantCreate, lockMigrations, openSchema, selectApplied } from './roles.sql.ts'

/**
 * Brings our schema and BullMQ's to what this code needs; `url` is the owner's, `role` the application's. With `count` only so
 * many more migrations are applied; with `distributed` the tables that grow with the nation are spread over the workers of Citus
 * afterwards. Returns what was done. Throws `server-unsafe` where a breaking migration would meet processes that do not know it, or
 * where tables cannot be distributed.
 */
export function migrate(
  url: string,
  role: string,
  { folder = MIGRATIONS, count = Number.POSITIVE_INFINITY, distributed = false } = {},
): Promise<string[]> {
  return withClient(url, async (client) => {
    await lockMigrations(client)
    await refuseWhileOlderRun(client, folder)
    if (distributed) await requireDistributable(client, PRESENT_SECONDS)
    if ((await selectTableForm(client)) === 'distributed') await takeShardsInTurn(client)
    for (const schema of ['public', QUEUE_SCHEMA]) await openSchema(client, schema, role)
    await grantCreate(client, QUEUE_SCHEMA, role)
    // Only who migrates loads it: it brings a compiler of its own, which a gateway would hold for good.
    const { runner } = await import('node-pg-migrate')
    const applied = await runner({
      dbClient: client,
      dir: folder,
      direction: 'up',
      count,
      migrationsTable: 'migration',
      // Somebody else's node-pg-migrate on this database; the default would end us.
      advisoryLockMode: 'wait',
      log: () => undefined,
    })
    await migrateQueue(client)
    const breaking = (await readMigrations(folder)).findLast(({ isBreaking }) => isBreaking)
    if (breaking) await noteBreaking(client, breaking.name)
    const spread = distributed ? await distributeTables(client) : []
    return [...applied.map(({ name }) => name), ...spread.map((table) => `distributed ${table}`)]
  })
}

/** Processes that start meanwhile wait for the lock of migrations before they are noted, and look at the tables after it. */
async function refuseWhileOlderRun(client: ClientBase, folder: string): Promise<void> {
  if (!(await hasProcesses(client))) return
  const applied = new Set(await selectApplied(client))
  const pending = (await readMigrations(folder)).findLast(({ name, isBreaking }) => isBreaking && !applied.has(name))
  if (pending === undefined) return
  const older = await countOlder(client, pending.name, PRESENT_SECONDS)
  if (older.length === 0) return
  const who = older.map(({ kind, count }) => `${kind}: ${count}`).join(', ')
  throw new TitianError(
    'server-unsafe',
    `${pending.name} is a breaking migration, and processes of an earlier version run (${who}): stop them, and wait ${PRESENT_SECONDS} s if they were killed`,
  )
}
