import { readFileSync } from 'node:fs'
import { createConnection } from 'node:net'
import type { Fault } from './fault.ts'

/** Redis forgets everything at once. */
export const flush: Fault = {
  name: 'flush redis',
  share: 3,
  isPossible: ({ queue }) => queue === 'redis',
  async strike(world, _below, tell) {
    const [pid] = world.parts('redis-server')
    const port = pid === undefined ? undefined : portOf(pid)
    tell(port !== undefined && (await said(port, 'FLUSHALL')).startsWith('+OK') ? 'FLUSHALL' : 'none answers')
  },
}

/** Its title says where it listens. */
function portOf(pid: number): number | undefined {
  const title = readFileSync(`/proc/${pid}/cmdline`, 'latin1')
  const port = /127\.0\.0\.1:(\d+)/.exec(title)?.[1]
  return port === undefined ? undefined : Number(port)
}

function said(port: number, command: string): Promise<string> {
  return new Promise((resolve) => {
    let answer = ''
    const socket = createConnection(port, '127.0.0.1', () => socket.write(`${command}\r\nQUIT\r\n`))
    socket.on('data', (piece) => {
      answer += piece.toString()
    })
    socket.once('error', () => resolve(''))
    socket.once('close', () => resolve(answer))
  })
}
