import { join } from 'node:path'
import { runner } from 'node-pg-migrate'
import { migrateQueue, QUEUE_SCHEMA } from '../queue.ts'
import { withClient } from './postgres.ts'
import { grantCreate, lockMigrations, openSchema } from './roles.sql.ts'

/** Brings our schema and BullMQ's to what this code needs; `url` is the owner's, `role` the application's. Returns what was applied. */
export function migrate(url: string, role: string): Promise<string[]> {
  return withClient(url, async (client) => {
    await lockMigrations(client)
    for (const schema of ['public', QUEUE_SCHEMA]) await openSchema(client, schema, role)
    await grantCreate(client, QUEUE_SCHEMA, role)
    const applied = await runner({
      dbClient: client,
      dir: join(import.meta.dirname, 'migrations'),
      direction: 'up',
      migrationsTable: 'migration',
      // Somebody else's node-pg-migrate on this database; the default would end us.
      advisoryLockMode: 'wait',
      log: () => undefined,
    })
    await migrateQueue(client)
    return applied.map(({ name }) => name)
  })
}
