import { signal } from '../processes.ts'
import { type Fault, oneOf } from './fault.ts'

/** PostgreSQL stops without a checkpoint, or dies, and comes back by crash recovery. */
export const restart: Fault = {
  name: 'restart database',
  share: 2,
  async strike(world, below, tell) {
    const how = oneOf(['SIGQUIT', 'SIGKILL'] as const, below) ?? 'SIGQUIT'
    const pid = await world.postmaster()
    tell(pid !== undefined && signal(pid, how) ? `${how} to ${pid}` : 'it does not run at this moment')
  },
}
