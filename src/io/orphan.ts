import { execFile } from 'node:child_process'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { promisify } from 'node:util'
import { TitianError } from '../domain/error.ts'

const run = promisify(execFile)
// Fast shutdown, then immediate (crash recovery follows), then the end: PostgreSQL survives each.
const SIGNALS = ['SIGINT', 'SIGQUIT', 'SIGKILL'] as const
const PATIENCE_MS = 10_000

/** Ends a server that a killed run left behind on this data folder; a lock file of a dead one is PostgreSQL's to ignore. */
export async function endOrphan(cluster: string): Promise<void> {
  const pid = await postmasterOf(cluster)
  if (pid === undefined) return
  for (const signal of SIGNALS) {
    if (!(await isPostgres(pid))) return
    process.kill(pid, signal)
    for (const until = Date.now() + PATIENCE_MS; Date.now() < until && (await isPostgres(pid)); ) await delay(50)
  }
  if (await isPostgres(pid)) throw new TitianError('server-unsafe', `process ${pid} holds ${cluster} and does not end`)
}

/** The process id in the lock file of a data folder. */
export async function postmasterOf(cluster: string): Promise<number | undefined> {
  const text = await readFile(join(cluster, 'postmaster.pid'), 'utf8').catch(() => '')
  const pid = Number(text.split('\n')[0])
  return Number.isInteger(pid) && pid > 1 ? pid : undefined
}

/** The id may have gone to another program since: only a PostgreSQL is ever ended, and a zombie is none. */
async function isPostgres(pid: number): Promise<boolean> {
  const { stdout } = await run('ps', ['-o', 'stat=,comm=', '-p', String(pid)]).catch(() => ({ stdout: '' }))
  return /^[^Z]\S*\s+.*postgres$/m.test(stdout.trim())
}
