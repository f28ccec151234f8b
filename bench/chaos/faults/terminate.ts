import { withClient } from '../../../src/io/postgres/postgres.ts'
import { type Fault, oneOf } from './fault.ts'

type Backend = { pid: number; state: string }
// A transaction that waits for its client lasts milliseconds: one is looked for as often as this.
const LOOKS = 600

/** Connections that the server ends, as a failover or an administrator does, inside a transaction where one is found. */
export const terminate: Fault = {
  name: 'terminate backends',
  share: 4,
  async strike(world, below, tell) {
    const wanted = oneOf(['idle in transaction', 'active', 'any'], below)
    const count = 1 + below(3)
    try {
      await withClient(world.adminUrl, async (db) => {
        const ended: string[] = []
        for (let look = 0; look < LOOKS && ended.length < count; look++) {
          const { rows } = await db.query<Backend>(
            `select pid, state from pg_stat_activity
             where backend_type = 'client backend' and datname in ('titian', 'receiver') and state is not null
               and pid <> pg_backend_pid() and ($1 = 'any' or state = $1)`,
            [wanted],
          )
          const one = oneOf(rows, below)
          if (one === undefined) continue
          await db.query('select pg_terminate_backend($1)', [one.pid])
          ended.push(one.state)
        }
        tell(`${ended.length} of ${count}, ${wanted}: ${ended.join(', ')}`)
      })
    } catch {
      tell('the server takes no connection at this moment')
    }
  },
}
