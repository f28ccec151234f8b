import { type ChildProcess, execFileSync, spawn } from 'node:child_process'
import { readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { withClient } from '../../src/io/postgres/postgres.ts'
import { until } from '../support/running.ts'

/** A worker of the cluster that runs on this machine, where it can be hurt. */
export type WorkerNode = {
  /** Ends all of its processes as a power cut would. */
  kill(): void
  /** Starts it again as it was started before, and waits until it answers. */
  start(): Promise<void>
}

/** Finds the server behind an address by its data directory; undefined where that is on another machine, or not ours to hurt. */
export async function findWorkerNode(admin: string): Promise<WorkerNode | undefined> {
  const folder = await withClient(`${admin}postgres`, async (db) => {
    const { rows } = await db.query<{ folder: string }>(`select current_setting('data_directory') as folder`)
    return rows[0]?.folder ?? ''
  })
  const started = await withClient(`${admin}postgres`, async (db) => {
    const { rows } = await db.query<{ text: string }>(`select pg_read_file('postmaster.opts') as text`)
    return rows[0]?.text ?? ''
  })
  const [program, ...args] = commandOf(started)
  if (program === undefined || postmasterOf(folder) === undefined) return undefined
  return {
    kill() {
      const postmaster = postmasterOf(folder)
      if (postmaster === undefined) throw new Error('the worker does not run')
      const children = execFileSync('ps', ['-o', 'pid=', '--ppid', String(postmaster)], { encoding: 'utf8' })
      for (const pid of [postmaster, ...children.split(/\s+/).filter(Boolean).map(Number)]) end(pid)
    },
    async start() {
      const { uid, gid } = statSync(folder)
      const ids = process.getuid?.() === 0 ? { uid, gid } : {}
      let server: ChildProcess | undefined
      // It refuses to start while a process of its former life is not gone whole.
      const isUp = () => {
        if (server === undefined || server.exitCode !== null) {
          server = spawn(program, args, { ...ids, cwd: folder, detached: true, stdio: 'ignore' })
          server.unref()
        }
        return withClient(`${admin}postgres`, () => Promise.resolve(true)).catch(() => false)
      }
      await until(isUp, 60)
    },
  }
}

/** The process that a data directory of this machine belongs to. */
function postmasterOf(folder: string): number | undefined {
  try {
    const pid = Number.parseInt(readFileSync(join(folder, 'postmaster.pid'), 'utf8'), 10)
    process.kill(pid, 0)
    return pid
  } catch {
    return undefined
  }
}

/** PostgreSQL writes down how it was started: the program, then its arguments in quotes. */
function commandOf(started: string): string[] {
  const [line = ''] = started.split('\n')
  const [program = '', ...rest] = line.split(' "')
  return [program, ...rest.map((quoted) => quoted.replace(/"$/, ''))].filter(Boolean)
}

function end(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL')
  } catch {
    // It saw its parent die.
  }
}
