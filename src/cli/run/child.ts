import { fork } from 'node:child_process'
import { once } from 'node:events'
import { getCompileCacheDir } from 'node:module'
import { dirname, join } from 'node:path'
import { createInterface } from 'node:readline'
import { TitianError } from '../../domain/error.ts'
import type { Running } from '../../io/local/keep-running.ts'
import { endOf } from '../../io/local/supervised.ts'
import { openLines } from '../../io/observe/line-file.ts'
import { READY } from './service.ts'

const MAIN = join(import.meta.dirname, '..', '..', 'main.ts')
// A gateway stays below 300 MB whatever it is sent (docs/measurements.md). Its buffers are freed by young collections, so its young
// generation is small. A heap that may grow to 4 GB is allowed to hold four times what lives in it before it is collected; of one of 1 GB,
// more than a gateway ever needs, V8 collects at 1.6 times. Where it does not see a reason to, the gateway asks (`free-memory.ts`).
// Beside a worker other workers have the other cores: to collect garbage on several threads costs a twentieth more CPU and gains no time.
/** The flags of V8 that a command is started with. */
export const V8_FLAGS: Readonly<Record<string, string[]>> = {
  serve: ['--max-semi-space-size=2', '--max-old-space-size=1024', '--expose-gc'],
  work: ['--single-threaded-gc'],
}
// Each thread that allocates takes an arena of its own from glibc, and little is given back: two hold the gateway 20 MB smaller.
// What is as large as a piece of a body is taken from the system and given back to it at once, which is 30 MB under a workbook.
const ALLOCATION = { MALLOC_ARENA_MAX: '2' }
const GATEWAY_ALLOCATION = {
  MALLOC_MMAP_THRESHOLD_: String(64 * 1024),
  MALLOC_TRIM_THRESHOLD_: String(128 * 1024),
}
const START_MS = 60_000
// A worker finishes what it has in hand; what takes longer is taken over by others.
const STOP_MS = 10_000
const LAST_WORDS = 20

export type Child = Running & {
  pid: number | undefined
  /** The signal that ended it; null while it runs and when it ended by itself. */
  signal(): NodeJS.Signals | null
}

/** Starts one of our services as a process of its own and waits `startMs` milliseconds until it says that it is ready. */
export async function startChild(
  command: string,
  env: Readonly<Record<string, string | undefined>>,
  logFile: string,
  startMs = START_MS,
): Promise<Child> {
  // Known before its first file is read: what strips types is then never loaded, and 20 MB of each process are free.
  const cache = getCompileCacheDir()
  // Over the channel the child learns of our death, even by kill -9, and ends.
  const child = fork(MAIN, [command], {
    execArgv: V8_FLAGS[command] ?? [],
    env: {
      ...(cache !== undefined && { NODE_COMPILE_CACHE: dirname(cache) }),
      ...ALLOCATION,
      ...(command === 'serve' && GATEWAY_ALLOCATION),
      ...env,
      LOG_FILE: logFile,
    },
    stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
  })
  const ended = endOf(child)
  // The log is the child's own; what it says beside it, its last words above all, must not end us when the disk is full.
  const log = openLines(logFile)
  const stop = async () => {
    child.kill('SIGTERM')
    const late = setTimeout(() => child.kill('SIGKILL'), STOP_MS)
    await ended
    clearTimeout(late)
  }
  const heard: string[] = []
  const ready = new Promise<'ready' | 'ended' | 'late'>((resolve) => {
    const lines = createInterface({ input: child.stderr as NodeJS.ReadableStream })
    const closed = once(lines, 'close')
    lines.on('line', (line) => {
      if (READY.test(line)) return resolve('ready')
      if (heard.push(line) > LAST_WORDS) heard.shift()
      log.write(`${line}\n`)
    })
    child.stderr?.on('error', () => undefined)
    const timer = setTimeout(() => resolve('late'), startMs)
    void ended.then(() => {
      clearTimeout(timer)
      // Its last words may come after its end, or have come before it.
      void closed.then(() => resolve('ended'))
    })
  })
  const start = await ready
  if (start === 'ready') return { pid: child.pid, ended, stop, signal: () => child.signalCode }
  const killedBy = child.signalCode
  await stop()
  throw new TitianError(
    'unavailable',
    `${command} did not start: ${start === 'late' ? lateness(heard, startMs) : lastWords(heard, killedBy)}`,
  )
}

function lateness(heard: readonly string[], startMs: number): string {
  const last = heard.at(-1)
  const doing = last === undefined ? 'it said nothing' : `the last it said was "${last}"`
  return `it was not ready within ${startMs / 1000} s, ${doing}; a loaded machine or a slow disk needs longer, try again`
}

/** The one sentence for people, which a stack trace or Node's own lines may surround. */
function lastWords(heard: readonly string[], killedBy: NodeJS.Signals | null): string {
  const sentence =
    heard.findLast((line) => line.startsWith('titian: ')) ?? heard.find((line) => /^\w*Error: /.test(line))
  const end =
    killedBy === null ? 'it ended without a word' : `it was ended by ${killedBy}, by somebody or for want of memory`
  return (sentence ?? heard.at(-1) ?? `${end}; try again`).replace(/^titian: /, '')
}
