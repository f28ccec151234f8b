import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { createInterface } from 'node:readline'

const MAIN = join(import.meta.dirname, '..', '..', 'src', 'main.ts')
// It gives its children ten seconds to end, and its servers as long.
const STOP_MS = 60_000

/** Runs `titian up` as a process with a bare environment and waits until it is ready; what it says goes to `say`. */
export async function startUp(options: string[], env: Record<string, string>, say: (line: string) => void) {
  const up = spawn(process.execPath, [MAIN, 'up', '--json', ...options], {
    env: { PATH: process.env.PATH, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  createInterface({ input: up.stderr }).on('line', (line) => {
    if (line !== 'ready') say(line)
  })
  const ended = once(up, 'exit').then(() => Promise.reject(new Error('titian up ended before it was ready')))
  ended.catch(() => undefined)
  await Promise.race([once(createInterface({ input: up.stdout }), 'line'), ended])
  return { stop: () => stop(up) }
}

/** Its exit code; null where it had to be killed. */
async function stop(up: ChildProcess): Promise<number | null> {
  if (up.exitCode !== null || up.signalCode !== null) return up.exitCode
  const ended = once(up, 'exit')
  up.kill('SIGTERM')
  const late = setTimeout(() => up.kill('SIGKILL'), STOP_MS)
  await ended
  clearTimeout(late)
  return up.exitCode
}
