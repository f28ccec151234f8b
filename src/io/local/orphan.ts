import { execFile } from 'node:child_process'
import { readFile, stat } from 'node:fs/promises'
import { dirname } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { promisify } from 'node:util'
import { TitianError } from '../../domain/error.ts'

const run = promisify(execFile)
// To PostgreSQL: fast shutdown, immediate (crash recovery follows), the end. Both servers survive each.
const SIGNALS = ['SIGINT', 'SIGQUIT', 'SIGKILL'] as const
const PATIENCE_MS = 10_000

/**
 * Ends a program that a killed run left behind on a folder of its own. The first line of `pidFile` there is its process id.
 * The caller holds the lock of the data folder: nobody else's program can be at work there.
 */
export async function endOrphan(pidFile: string, program: 'postgres' | 'redis-server'): Promise<void> {
  const pid = await readPid(pidFile)
  if (pid === undefined) return
  const isOurs = () => isRunningIn(pid, program, dirname(pidFile))
  for (const signal of SIGNALS) {
    if (!(await isOurs())) return
    process.kill(pid, signal)
    for (const until = performance.now() + PATIENCE_MS; performance.now() < until && (await isOurs()); ) await delay(50)
  }
  if (await isOurs()) throw new TitianError('server-unsafe', `process ${pid} does not end: ${program}`)
}

/** The process id on the first line of a file; undefined when there is none. */
export async function readPid(file: string): Promise<number | undefined> {
  const text = await readFile(file, 'utf8').catch(() => '')
  const pid = Number(text.split('\n')[0])
  return Number.isInteger(pid) && pid > 1 ? pid : undefined
}

/** The id may have gone to another program since, or may be of another container: only this program in this folder counts. */
async function isRunningIn(pid: number, program: string, folder: string): Promise<boolean> {
  const { stdout } = await run('ps', ['-o', 'stat=,comm=', '-p', String(pid)]).catch(() => ({ stdout: '' }))
  const [state = 'Z', ...name] = stdout.trim().split(/\s+/)
  if (state.startsWith('Z') || !name.join(' ').endsWith(program)) return false
  return process.platform !== 'linux' || isSameFolder(`/proc/${pid}/cwd`, folder)
}

/** Both servers work in their folder; two paths to it are one folder by device and number. */
async function isSameFolder(one: string, other: string): Promise<boolean> {
  const [a, b] = await Promise.all([one, other].map((path) => stat(path).catch(() => undefined)))
  return a !== undefined && b !== undefined && a.dev === b.dev && a.ino === b.ino
}
