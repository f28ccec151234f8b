import { signal } from '../processes.ts'
import type { Part } from '../world.ts'
import { type Fault, oneOf } from './fault.ts'

const TITLES: Record<Part, string> = {
  work: 'worker',
  serve: 'gateway',
  receiver: 'receiver',
  'redis-server': 'redis',
}

/** The end of a process as by a power cut, before or after a commit as it happens. */
export function kill(part: Part, share: number): Fault {
  return {
    name: `kill ${TITLES[part]}`,
    share,
    isPossible: ({ queue }) => part !== 'redis-server' || queue === 'redis',
    async strike(world, below, tell) {
      const pid = oneOf(world.parts(part), below)
      tell(pid !== undefined && signal(pid, 'SIGKILL') ? `process ${pid}` : 'none runs at this moment')
    },
  }
}
