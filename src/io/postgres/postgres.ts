import pg from 'pg'
import { sessionAddress } from './session.ts'
import { distributedForm, type TableForm } from './table-form.ts'

/** Either the pool or one open transaction: the caller decides. */
export type Db = pg.Pool | pg.PoolClient

/**
 * A connection whose end is told by what is asked of it next. The driver's pool listens for errors of idle connections only:
 * one that ends between two statements of a transaction would end the process.
 */
export class SteadyClient extends pg.Client {
  constructor(config?: string | pg.ClientConfig) {
    super(config)
    this.on('error', () => undefined)
  }
}

/** A connection to distributed tables: statements that have a form for them are sent in that one. */
class DistributedClient extends SteadyClient {
  constructor(config?: string | pg.ClientConfig) {
    super(config)
    const ask = this.query.bind(this) as (statement: unknown, ...rest: unknown[]) => unknown
    this.query = ((statement: unknown, ...rest: unknown[]) =>
      ask(distributedForm(statement), ...rest)) as typeof this.query
  }
}

/**
 * Opens a pool; connections are made on demand and time out rather than hang when the server is gone. `form` says how the tables
 * lie, as `readTableForm` found it.
 */
export function openPool(url: string, connections: number, form: TableForm = 'whole'): pg.Pool {
  const pool = new pg.Pool({
    ...sessionAddress(url),
    Client: form === 'distributed' ? DistributedClient : SteadyClient,
    max: connections,
    connectionTimeoutMillis: 10_000,
    // A process that is stopped in the middle of a commit holds locks; the server ends it after this.
    idle_in_transaction_session_timeout: 30_000,
    keepAlive: true,
  })
  // An idle connection that the server ends is replaced at the next use; without a listener it would end the process.
  pool.on('error', () => undefined)
  return pool
}

/** Whether statements of a pool, or of one of its transactions, go to distributed tables. */
export function isDistributed(db: Db): boolean {
  return db instanceof pg.Pool
    ? (db.options as { Client?: unknown }).Client === DistributedClient
    : db instanceof DistributedClient
}

/** One more connection to the database of a pool, for whoever holds a lock while others of its process use the pool. */
export function openBeside(pool: pg.Pool): pg.Pool {
  const beside = new pg.Pool({ ...pool.options, max: 1 })
  beside.on('error', () => undefined)
  return beside
}

/**
 * Runs the work in one transaction: committed when it returns, rolled back when it throws. The work asks nothing of the pool,
 * since it holds what may be the pool's only connection.
 */
export async function inTransaction<T>(pool: pg.Pool, work: (tx: pg.PoolClient) => Promise<T>): Promise<T> {
  const tx = await pool.connect()
  let broken = false
  try {
    await tx.query('begin')
    const result = await work(tx)
    await tx.query('commit')
    return result
  } catch (error) {
    await tx.query('rollback').catch(() => {
      broken = true
    })
    throw error
  } finally {
    tx.release(broken)
  }
}

/** Runs the work on one connection of its own, outside any pool. */
export async function withClient<T>(url: string, work: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = new SteadyClient({ ...sessionAddress(url), connectionTimeoutMillis: 10_000 })
  await client.connect()
  try {
    return await work(client)
  } finally {
    await client.end()
  }
}
