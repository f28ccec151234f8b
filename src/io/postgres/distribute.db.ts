import type pg from 'pg'
import type { ClientBase } from 'pg'
import { TitianError } from '../../domain/error.ts'
import {
  countWorkers,
  DISTRIBUTED_TABLES,
  distributeTable,
  selectDistributed,
  selectTableForm,
} from './distribute.sql.ts'
import { openPool, withClient } from './postgres.ts'
import { countRunning, hasProcesses } from './process.sql.ts'
import type { TableForm } from './table-form.ts'

/** Opens a pool for the tables of a database in the form that they have now. */
export async function openTables(url: string, connections: number): Promise<pg.Pool> {
  return openPool(url, connections, await readTableForm(url))
}

/** How the tables of a database lie. */
export function readTableForm(url: string): Promise<TableForm> {
  return withClient(url, selectTableForm)
}

/** Refuses tables that were distributed after `form` was read: they are not spread while this process is noted as running. */
export async function guardTableForm(db: pg.Pool, form: TableForm): Promise<void> {
  if ((await selectTableForm(db)) === form) return
  throw new TitianError('server-unsafe', 'the tables were distributed while this process started: start it again')
}

/**
 * Refuses, with one sentence, a database whose tables cannot be distributed, or must not be now: `server-unsafe`. Asked before
 * anything is changed.
 */
export async function requireDistributable(db: ClientBase, presentSeconds: number): Promise<void> {
  const workers = await countWorkers(db)
  if (workers === undefined)
    throw new TitianError(
      'server-unsafe',
      'this database has no extension citus: install Citus on every server, then create extension citus in this database on each',
    )
  if (workers === 0)
    throw new TitianError(
      'server-unsafe',
      'Citus knows no worker that takes shards: add some with citus_add_node in this database',
    )
  if ((await missingTables(db)).length > 0)
    await refuseWhileRunning(db, presentSeconds, 'tables are distributed while nothing runs')
}

/** Refuses to copy distributed tables while anything writes to them: rows of several servers are of no one moment. `server-unsafe`. */
export async function requireOneMoment(db: ClientBase, presentSeconds: number): Promise<void> {
  if ((await selectTableForm(db)) === 'distributed')
    await refuseWhileRunning(db, presentSeconds, 'distributed tables are copied while nothing runs')
}

async function refuseWhileRunning(db: ClientBase, presentSeconds: number, what: string): Promise<void> {
  const running = (await hasProcesses(db)) ? await countRunning(db, presentSeconds) : []
  if (running.length === 0) return
  const who = running.map(({ kind, count }) => `${kind}: ${count}`).join(', ')
  throw new TitianError(
    'server-unsafe',
    `${what} (${who}): stop gateways and workers, and wait ${presentSeconds} s if they were killed`,
  )
}

/** Spreads what is not spread yet, rows and all, in one transaction; gives the tables. A second run finds nothing to do. */
export async function distributeTables(db: ClientBase): Promise<string[]> {
  const missing = await missingTables(db)
  if (missing.length === 0) return []
  await db.query('begin')
  try {
    for (const table of missing) await distributeTable(db, table)
    await db.query('commit')
  } catch (error) {
    await db.query('rollback')
    throw error
  }
  return missing.map(({ table }) => table)
}

async function missingTables(db: ClientBase): Promise<(typeof DISTRIBUTED_TABLES)[number][]> {
  const spread = new Set(await selectDistributed(db))
  return DISTRIBUTED_TABLES.filter(({ table }) => !spread.has(table))
}
