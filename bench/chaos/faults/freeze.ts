import { setTimeout as wait } from 'node:timers/promises'
import { signal } from '../processes.ts'
import { type Fault, oneOf } from './fault.ts'

const PARTS = ['work', 'work', 'serve', 'receiver'] as const

/** A process that stands still for longer than a lease and then goes on as if nothing had been. */
export const freeze: Fault = {
  name: 'freeze',
  share: 3,
  async strike(world, below, tell) {
    const part = PARTS[below(PARTS.length)] ?? 'work'
    const seconds = 3 + below(4)
    const pid = oneOf(world.parts(part), below)
    if (pid === undefined || !signal(pid, 'SIGSTOP')) return tell('none runs at this moment')
    tell(`${part}, process ${pid}, for ${seconds} s`)
    await wait(seconds * 1000)
    signal(pid, 'SIGCONT')
  },
}
