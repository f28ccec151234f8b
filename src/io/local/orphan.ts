import { execFile } from 'node:child_process'
import { readFile } from 'node:fs/promises'
import { setTimeout as delay } from 'node:timers/promises'
import { promisify } from 'node:util'
import { TitianError } from '../../domain/error.ts'

const run = promisify(execFile)
// To PostgreSQL: fast shutdown, immediate (crash recovery follows), the end. Both servers survive each.
const SIGNALS = ['SIGINT', 'SIGQUIT', 'SIGKILL'] as const
const PATIENCE_MS = 10_000

/** Ends a program that a killed run left behind on a data folder, given the first line of its file of process ids. */
export async function endOrphan(pidFile: string, program: 'postgres' | 'redis-server'): Promise<void> {
  const pid = await readPid(pidFile)
  if (pid === undefined) return
  for (const signal of SIGNALS) {
    if (!(await isRunning(pid, program))) return
    process.kill(pid, signal)
    for (const until = Date.now() + PATIENCE_MS; Date.now() < until && (await isRunning(pid, program)); )
      await delay(50)
  }
  if (await isRunning(pid, program)) throw new TitianError('server-unsafe', `process ${pid} does not end: ${program}`)
}

/** The process id on the first line of a file; undefined when there is none. */
export async function readPid(file: string): Promise<number | undefined> {
  const text = await readFile(file, 'utf8').catch(() => '')
  const pid = Number(text.split('\n')[0])
  return Number.isInteger(pid) && pid > 1 ? pid : undefined
}

/** The id may have gone to another program since: only one of this name is ever ended, and a zombie is none. */
async function isRunning(pid: number, program: string): Promise<boolean> {
  const { stdout } = await run('ps', ['-o', 'stat=,comm=', '-p', String(pid)]).catch(() => ({ stdout: '' }))
  const [state = 'Z', ...name] = stdout.trim().split(/\s+/)
  return !state.startsWith('Z') && name.join(' ').endsWith(program)
}
