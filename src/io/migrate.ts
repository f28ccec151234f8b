import { join } from 'node:path'
import { runner } from 'node-pg-migrate'
import { withClient } from './postgres.ts'
import { migrateQueue, QUEUE_SCHEMA } from './queue.ts'
import { grantCreate, openSchema } from './roles.sql.ts'

/** Brings our schema and BullMQ's to what this code needs; `url` is the owner's, `role` the application's. Returns what was applied. */
export function migrate(url: string, role: string): Promise<string[]> {
  return withClient(url, async (client) => {
    for (const schema of ['public', QUEUE_SCHEMA]) await openSchema(client, schema, role)
    await grantCreate(client, QUEUE_SCHEMA, role)
    const applied = await runner({
      dbClient: client,
      dir: join(import.meta.dirname, 'migrations'),
      direction: 'up',
      migrationsTable: 'migration',
      // Several gateways may start at once; the default would end all but one.
      advisoryLockMode: 'wait',
      log: () => undefined,
    })
    await migrateQueue(client)
    return applied.map(({ name }) => name)
  })
}
