import { readdir } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { runner } from 'node-pg-migrate'
import { migrateQueue, QUEUE_SCHEMA } from '../queue.ts'
import { withClient } from './postgres.ts'
import { grantCreate, lockMigrations, openSchema } from './roles.sql.ts'

const FOLDER = join(import.meta.dirname, 'migrations')

/** The names of all migrations that this code brings, in their order. */
export async function knownMigrations(): Promise<string[]> {
  const files = await readdir(FOLDER)
  return files
    .filter((file) => file.endsWith('.sql'))
    .sort()
    .map((file) => basename(file, '.sql'))
}

/**
 * Brings our schema and BullMQ's to what this code needs; `url` is the owner's, `role` the application's. With `count` only so
 * many more migrations are applied. Returns what was applied.
 */
export function migrate(url: string, role: string, count = Number.POSITIVE_INFINITY): Promise<string[]> {
  return withClient(url, async (client) => {
    await lockMigrations(client)
    for (const schema of ['public', QUEUE_SCHEMA]) await openSchema(client, schema, role)
    await grantCreate(client, QUEUE_SCHEMA, role)
    const applied = await runner({
      dbClient: client,
      dir: FOLDER,
      direction: 'up',
      count,
      migrationsTable: 'migration',
      // Somebody else's node-pg-migrate on this database; the default would end us.
      advisoryLockMode: 'wait',
      log: () => undefined,
    })
    await migrateQueue(client)
    return applied.map(({ name }) => name)
  })
}
