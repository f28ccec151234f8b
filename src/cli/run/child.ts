import { fork } from 'node:child_process'
import { once } from 'node:events'
import { appendFileSync } from 'node:fs'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { TitianError } from '../../domain/error.ts'
import type { Running } from '../../io/local/keep-running.ts'
import { READY } from './service.ts'

const MAIN = join(import.meta.dirname, '..', '..', 'main.ts')
// The gateway's buffers are freed by young collections: a small young generation keeps it at 225 MB under a body of any size
// (300 MB with V8's own setting, measured with `npm run bench -- --body 200`).
const V8_FLAGS: Readonly<Record<string, string[]>> = { serve: ['--max-semi-space-size=4'] }
const START_MS = 60_000
const STOP_MS = 20_000

export type Child = Running & {
  pid: number | undefined
  /** The signal that ended it; null while it runs and when it ended by itself. */
  signal(): NodeJS.Signals | null
}

/** Starts one of our services as a process of its own and waits until it says that it is ready. */
export async function startChild(
  command: string,
  env: Readonly<Record<string, string | undefined>>,
  logFile: string,
): Promise<Child> {
  // Over the channel the child learns of our death, even by kill -9, and ends.
  const child = fork(MAIN, [command], {
    execArgv: V8_FLAGS[command] ?? [],
    env: { ...env, LOG_FILE: logFile },
    stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
  })
  const ended = once(child, 'exit').then(() => undefined)
  const stop = async () => {
    child.kill('SIGTERM')
    const late = setTimeout(() => child.kill('SIGKILL'), STOP_MS)
    await ended
    clearTimeout(late)
  }
  let said = ''
  const ready = new Promise<boolean>((resolve) => {
    const lines = createInterface({ input: child.stderr as NodeJS.ReadableStream })
    lines.on('line', (line) => {
      if (READY.test(line)) return resolve(true)
      said = line
      appendFileSync(logFile, `${line}\n`, { mode: 0o600 })
    })
    const timer = setTimeout(() => resolve(false), START_MS)
    void ended.then(() => {
      clearTimeout(timer)
      resolve(false)
    })
  })
  if (await ready) return { pid: child.pid, ended, stop, signal: () => child.signalCode }
  await stop()
  throw new TitianError('unavailable', `${command} did not start: ${said.replace(/^titian: /, '') || `see ${logFile}`}`)
}
