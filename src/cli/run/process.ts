import { resolve } from 'node:path'
import { isColourWanted } from '../colour.ts'
import type { CliContext } from '../context.ts'
import { openDatabase } from './database.ts'
import { watchLaunchers } from './launchers.ts'

// A child that cannot finish in this time after its parent's death ends all the same.
const LAST_MS = 10_000
// Nor is one waited for any longer that was told to end: what it leaves undone is taken over by others.
const STOP_MS = 18_000
// What a shell says of a program that Ctrl-C ended.
const STOPPED = 130

/** Makes the context of the real process; Ctrl-C or SIGTERM aborts its signal, a second one ends the process at once. */
export function processContext(process: NodeJS.Process, env: CliContext['env']): CliContext {
  const stopping = new AbortController()
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.on(signal, () => {
      if (stopping.signal.aborted) process.exit(STOPPED)
      setTimeout(() => process.exit(STOPPED), STOP_MS).unref()
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
    colour: isColourWanted(process.stdout.isTTY === true, env),
    dataDir,
    signal: stopping.signal,
    exit: (code) => {
      process.exitCode = code
    },
    openDatabase: (data = dataDir) => openDatabase(env, data),
  }
}
