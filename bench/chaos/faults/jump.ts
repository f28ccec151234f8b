import { setTimeout as wait } from 'node:timers/promises'
import type { Fault } from './fault.ts'

const MINUTES = 10

/** The database's clock jumps ten minutes ahead or back, and home again after a while. */
export function jump(direction: 1 | -1, share: number): Fault {
  return {
    name: direction > 0 ? 'clock ahead' : 'clock back',
    share,
    async strike(world, below, tell) {
      const seconds = 4 + below(6)
      await world.clock.offset(direction * MINUTES * 60)
      tell(`${direction * MINUTES} min, and home after ${seconds} s`)
      await wait(seconds * 1000)
      await world.clock.offset(0)
    },
  }
}
