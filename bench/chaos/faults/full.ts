import { setTimeout as wait } from 'node:timers/promises'
import type { World } from '../world.ts'
import type { Fault } from './fault.ts'

/** A disk without any room left for a while: that of the database, or that of the logs and the data folder. */
export function full(disk: keyof World['disks'], share: number): Fault {
  return {
    name: `full disk of ${disk === 'database' ? 'the database' : 'titian up'}`,
    share,
    isPossible: ({ disks }) => disks[disk].room !== undefined,
    async strike({ disks }, below, tell) {
      const seconds = 3 + below(5)
      disks[disk].room?.take()
      tell(`for ${seconds} s`)
      await wait(seconds * 1000)
      disks[disk].room?.give()
    },
  }
}
