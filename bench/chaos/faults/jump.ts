import { setTimeout as wait } from 'node:timers/promises'
import { withClient } from '../../../src/io/postgres/postgres.ts'
import type { World } from '../world.ts'
import type { Fault } from './fault.ts'

const MINUTES = 10
// The library looks at its file once a second.
const SEEN_MS = 1500

/** The database's clock jumps ten minutes ahead or back, and home again after a while. */
export function jump(direction: 1 | -1, share: number): Fault {
  return {
    name: direction > 0 ? 'clock ahead' : 'clock back',
    share,
    isPossible: ({ clock }) => clock !== undefined,
    async strike(world, below, tell) {
      const seconds = 4 + below(6)
      await world.clock?.offset(direction * MINUTES * 60)
      await wait(SEEN_MS)
      tell(`${await offsetOf(world)}, and home after ${seconds} s`)
      await wait(seconds * 1000 - SEEN_MS)
      await world.clock?.offset(0)
    },
  }
}

/** How far the database's clock is from ours, as it tells itself. */
async function offsetOf({ adminUrl }: World): Promise<string> {
  try {
    const seconds = await withClient(adminUrl, async (db) => {
      const { rows } = await db.query<{ now: Date }>('select clock_timestamp() as now')
      return ((rows[0]?.now.getTime() ?? Number.NaN) - Date.now()) / 1000
    })
    return `by ${seconds.toFixed(0)} s`
  } catch {
    return 'while the server takes no connection'
  }
}
