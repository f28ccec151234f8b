import { resolve } from 'node:path'
import type { CliContext } from '../context.ts'
import { openDatabase } from './database.ts'
import { watchLaunchers } from './launchers.ts'

// A child that cannot finish in this time after its parent's death ends all the same.
const LAST_MS = 10_000

/** Makes the context of the real process; Ctrl-C or SIGTERM aborts its signal, a second one ends the process at once. */
export function processContext(process: NodeJS.Process, env: CliContext['env']): CliContext {
  const stopping = new AbortController()
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.on(signal, () => {
      if (stopping.signal.aborted) process.exit(130)
      stopping.abort()
    })
  }
  const orphaned = () => {
    setTimeout(() => process.exit(1), LAST_MS).unref()
    stopping.abort()
  }
  process.on('disconnect', orphaned)
  watchLaunchers(process.ppid, env, orphaned)
  // Whoever reads no further (`titian check … | head`) has had enough: that is no failure. A full disk is one, but no reason
  // for a service to end.
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code === 'EPIPE') process.exit(0)
    process.exitCode = 1
  })
  process.stderr.on('error', () => undefined)
  const dataDir = resolve(env.TITIAN_DATA ?? '.titian')
  return {
    env,
    out: (line) => void process.stdout.write(`${line}\n`),
    err: (line) => void process.stderr.write(`${line}\n`),
    interactive: process.stderr.isTTY === true,
    dataDir,
    signal: stopping.signal,
    exit: (code) => {
      process.exitCode = code
    },
    openDatabase: (data = dataDir) => openDatabase(env, data),
  }
}
