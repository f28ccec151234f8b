#!/usr/bin/env node
// titian <command>: the only reader of process.env.
import { enableCompileCache, getCompileCacheDir } from 'node:module'
import { join } from 'node:path'

const NODE = 26
const LAST_MS = 2000
// What a shell says of a program that Ctrl-C ended.
const STOPPED = 130

async function main(): Promise<void> {
  // Imports wait for this check: an older Node would fail in the middle of them with a riddle.
  if (Number(process.versions.node.split('.')[0]) < NODE) {
    process.stderr.write(
      `titian needs Node ${NODE}, this is ${process.versions.node}: use npm run -s titian -- COMMAND\n`,
    )
    process.exit(1)
  }
  // Stripped and compiled sources are kept beside the packages: a process starts in two thirds of the time.
  enableCompileCache(join(import.meta.dirname, '..', 'node_modules', '.cache', 'titian'))
  // Threads find the cache by the variable alone; without it each loads what strips types anew, some 30 MB.
  const cache = getCompileCacheDir()
  if (cache !== undefined) process.env.NODE_COMPILE_CACHE ??= cache
  const [{ buildProgram }, { ERRORS }, { processContext }, { toTitianError }, { systemSentence }] = await Promise.all([
    import('./cli/program.ts'),
    import('./domain/error.ts'),
    import('./cli/run/process.ts'),
    import('./io/http/problem.ts'),
    import('./io/system-error.ts'),
  ])
  const context = processContext(process, process.env)
  try {
    await buildProgram(context).parseAsync()
  } catch (error) {
    const isStopped = context.signal.aborted
    const known = toTitianError(error)
    const system = systemSentence(error)
    if (!isStopped && known !== error && known.code === 'internal' && system === undefined) throw error
    // Drivers give a connection that broke off no code.
    const { code, message } = error as { code?: string; message: string }
    const said = known === error ? known.message : (system ?? `${ERRORS[known.code].en} (${code ?? message})`)
    process.stderr.write(`titian: ${isStopped ? 'stopped' : said}\n`)
    process.exitCode = isStopped ? STOPPED : 1
  } finally {
    // The channel to a parent would keep a finished service alive.
    process.disconnect?.()
    // So would a connection to a server that is away and cannot be told goodbye.
    setTimeout(() => process.exit(), LAST_MS).unref()
  }
}

await main()
