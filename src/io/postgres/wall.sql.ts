import { AsyncLocalStorage } from 'node:async_hooks'
import pg, { type Connection, type Pool, type PoolClient, type QueryResult, type Submittable } from 'pg'
import { reachesWorkers } from './distribute.sql.ts'
import { isDistributed } from './postgres.ts'
import { sql } from './sql.ts'
import { distributedForm } from './table-form.ts'

/** The role that a platform's statements run under; migration 0043 says what it sees. */
export const WALL_ROLE = 'titian_platform'

/** Keeps for whom the present work is done, and gives the database as it is seen by them. */
export type Wall = {
  /** Runs the work, and all that follows from it, for one platform. */
  run<T>(platform: string, work: () => T): T
  /** The same pool: what is asked through it for a platform sees that platform's rows alone; anything else sees all. */
  behind(pool: Pool): Pool
}

/**
 * A connection that is behind a wall. COPY into a table with row security is refused to whoever does not bypass it: what is written so
 * was made here, and is written outside of the wall.
 */
export type OutsideWall = { outside(): Promise<unknown> }

type Config = string | pg.QueryConfig
type Message = Record<string, unknown>
type Wire = Connection & {
  stream: { cork(): void; uncork(): void }
  parse(message: Message): void
  bind(message: Message): void
  execute(message: Message): void
}
/** The driver's own query: its handlers are not in its types. */
type Inner = {
  callback: Callback | undefined
  submit(connection: Wire): Error | null
} & Record<'handleCommandComplete' | 'handleDataRow' | 'handleError', (message: unknown, connection: Wire) => void> &
  Record<'handleRowDescription', (message: unknown) => void> &
  Record<'handleReadyForQuery' | 'handleEmptyQuery' | 'handlePortalSuspended' | 'handleCopyInResponse', Passed>
type Passed = (connection: Wire) => void
type Callback = (error: Error | null, result?: QueryResult) => void

const putUp = (platform: string) =>
  sql`select set_config('role', ${WALL_ROLE}, true), set_config('titian.platform', ${platform}, true)`
const TAKE_DOWN = sql`select set_config('role', 'none', true)`
// These begin, shape or end the transaction that the role belongs to, and read nothing.
const FRAME = /^\s*(begin|commit|rollback|savepoint|release|set)\b/i

/** Makes a wall; each application has its own. */
export function createWall(): Wall {
  const platforms = new AsyncLocalStorage<string>()

  /** One statement on a pool or a connection, behind the wall where it is for a platform. */
  function ask(target: Pool | PoolClient, config: Config, values?: unknown[]): Promise<QueryResult> {
    const platform = platforms.getStore()
    const isFrame = typeof config === 'string' && FRAME.test(config)
    const isOwn = typeof config === 'object' && 'submit' in config
    if (platform === undefined || isFrame || isOwn) return target.query(config as string, values)
    const { promise, resolve, reject } = Promise.withResolvers<QueryResult>()
    const walled = isDistributed(target)
      ? overWorkers(platform, distributedForm(config) as Config, values)
      : new WalledQuery(putUp(platform), config, values)
    const done: Callback = (error, result) => (error ? reject(error) : resolve(result as QueryResult))
    // The driver hands what it calls back to over to what it submits.
    const submit = target.query as unknown as (query: Submittable, values: undefined, callback: Callback) => void
    submit.call(target, walled, undefined, done)
    return promise
  }

  return {
    run: (platform, work) => platforms.run(platform, work),
    behind(pool) {
      const facade: Pool = Object.create(pool)
      const query = (config: Config, values?: unknown[]) => ask(pool, config, values)
      const connect = async () => {
        const client = await pool.connect()
        const walled: PoolClient = Object.create(client)
        const outside: OutsideWall = { outside: async () => platforms.getStore() && client.query(TAKE_DOWN) }
        return Object.assign(walled, outside, {
          query: (config: Config, values?: unknown[]) => ask(client, config, values),
          release: (broken?: boolean) => client.release(broken),
        })
      }
      return Object.assign(facade, { query, connect })
    },
  }
}

/**
 * A statement where tables are distributed. What reaches workers is sent outside of the wall, also in a transaction that is behind it:
 * workers know neither the role nor the platform.
 */
function overWorkers(platform: string, config: Config, values?: unknown[]): WalledQuery {
  const text = typeof config === 'string' ? config : config.text
  return new WalledQuery(reachesWorkers(text) ? TAKE_DOWN : putUp(platform), config, values)
}

/**
 * A statement behind another that puts up the wall, or takes it down. Both go in one message and make one transaction, also inside of
 * one that is open already: no further round trip, and nothing stays on the connection, so that a pooler may stand between.
 */
class WalledQuery implements Submittable {
  /** Given by the driver, where there is none yet. */
  callback?: Callback
  readonly #before: pg.QueryConfig
  readonly #inner: Inner
  #isUp = false

  constructor(before: pg.QueryConfig, config: Config, values?: unknown[]) {
    this.#before = before
    const asked = typeof config === 'string' ? { text: config, ...(values && { values }) } : config
    // A simple query would be a message, and a transaction, of its own.
    this.#inner = new pg.Query({ ...asked, queryMode: 'extended' } as pg.QueryConfig) as unknown as Inner
  }

  submit(connection: Connection): Error | null {
    const wire = connection as Wire
    this.#inner.callback = this.callback
    wire.stream.cork()
    try {
      wire.parse({ text: this.#before.text, name: '', types: [] })
      wire.bind({ portal: '', statement: '', values: this.#before.values })
      wire.execute({ portal: '', rows: 0 })
      return this.#inner.submit(wire)
    } finally {
      wire.stream.uncork()
    }
  }

  handleDataRow(message: unknown, connection: Wire): void {
    if (this.#isUp) this.#inner.handleDataRow(message, connection)
  }
  handleCommandComplete(message: unknown, connection: Wire): void {
    if (this.#isUp) this.#inner.handleCommandComplete(message, connection)
    this.#isUp = true
  }
  handleRowDescription(message: unknown): void {
    this.#inner.handleRowDescription(message)
  }
  handleError(error: unknown, connection: Wire): void {
    // The driver refuses a statement for a connection that has ended before it is submitted: without this the process would end.
    this.#inner.callback = this.callback
    this.#inner.handleError(error, connection)
  }
  handleReadyForQuery(connection: Wire): void {
    this.#inner.handleReadyForQuery(connection)
  }
  handleEmptyQuery(connection: Wire): void {
    this.#inner.handleEmptyQuery(connection)
  }
  handlePortalSuspended(connection: Wire): void {
    this.#inner.handlePortalSuspended(connection)
  }
  handleCopyInResponse(connection: Wire): void {
    this.#inner.handleCopyInResponse(connection)
  }
}
