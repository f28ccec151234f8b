import { type ChildProcess, spawn } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { chmod, mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { serverPaths } from '../../src/io/local/cluster.ts'
import { type Embedded, startEmbedded } from '../../src/io/local/embedded.ts'
import { keepRunning } from '../../src/io/local/keep-running.ts'
import { readPid } from '../../src/io/local/orphan.ts'
import { freePort } from '../../src/io/local/port.ts'
import { type JumpyClock, jumpyClock } from './clock.ts'
import { type Disk, mountDisk } from './disk.ts'
import { type Listed, processesOf } from './processes.ts'

export type Queue = 'postgres' | 'redis'
export type Part = 'serve' | 'work' | 'receiver' | 'redis-server'

/** A whole Titian of real processes, and what it stands on, each of which may be hurt. */
export type World = AsyncDisposable & {
  queue: Queue
  folder: string
  /** Data folder and address of `titian up`. */
  data: string
  url: string
  /** PostgreSQL as its superuser. */
  adminUrl: string
  postmaster(): Promise<number | undefined>
  clock: JumpyClock
  disks: { database: Disk; titian: Disk }
  /** The processes of a part, as they are at this moment. */
  parts(part: Part): number[]
  /** Ends `titian up` as an operator does; its exit code. */
  stop(): Promise<number | null>
  /** What is still there of all that was started. */
  leftover(): Listed[]
}

// Short leases and small chunks, so that recovery is seen within seconds and every batch has several chunks.
const SETTINGS = { LEASE_SECONDS: '2', DISPATCH_SECONDS: '2', CHUNK_RECORDS: '25', UPLOAD_STALE_MINUTES: '1' }
const DISK_MB = 6000

/** Starts PostgreSQL on a disk and a clock of its own, and `titian up` on another disk. */
export async function startWorld(queue: Queue, workers: number): Promise<World> {
  await using stack = new AsyncDisposableStack()
  const folder = await mkdtemp(join(tmpdir(), 'titian-chaos-'))
  await chmod(folder, 0o755)
  stack.defer(() => rm(folder, { recursive: true, force: true }))
  const disks = {
    database: stack.use(mountDisk(join(folder, 'database'), DISK_MB)),
    titian: stack.use(mountDisk(join(folder, 'titian'), DISK_MB)),
  }
  const clock = await jumpyClock(join(folder, 'clock'))
  const mark = `TITIAN_CHAOS=${randomBytes(8).toString('hex')}`
  const server = await startDatabase(disks.database.path, { ...clock.env, TITIAN_CHAOS: mark.slice(13) })
  stack.defer(() => server.stop())
  const [data, port] = [disks.titian.path, await freePort()]
  const up = spawnUp(['--data', data, '--port', String(port), '--workers', String(workers), '--queue', queue], {
    TITIAN_CHAOS: mark.slice(13),
    DATABASE_URL: server.first.urlFor('titian', 'titian'),
    DATABASE_OWNER_URL: server.first.urlFor('titian_owner', 'titian'),
    RECEIVER_DATABASE_URL: server.first.urlFor('receiver', 'receiver'),
  })
  const stop = async () => {
    up.kill('SIGTERM')
    if (up.exitCode === null && up.signalCode === null) await once(up, 'exit')
    return up.exitCode
  }
  stack.defer(async () => void (await stop()))
  await saysReady(up)
  const kept = stack.move()
  return {
    ...{ queue, folder, data, clock, disks, stop },
    url: `http://127.0.0.1:${port}`,
    adminUrl: server.first.urlFor('postgres', 'postgres'),
    postmaster: () => readPid(serverPaths(disks.database.path).pid),
    parts: (part) =>
      processesOf(mark, folder)
        .filter(({ args }) => (part === 'redis-server' ? args[0]?.includes(part) : args.at(-1) === part))
        .map(({ pid }) => pid),
    leftover: () => processesOf(mark, folder),
    [Symbol.asyncDispose]: () => kept.disposeAsync(),
  }
}

/** What `titian up` wrote for its operators: who may call, and how the stand-in is asked. */
export async function readClients(data: string): Promise<{ receiver: { url: string; token: string } }> {
  return JSON.parse(await readFile(join(data, 'clients.json'), 'utf8'))
}

/** Programs that are started under other names of the environment; ours does not change meanwhile for anything else. */
async function startDatabase(folder: string, env: Record<string, string>) {
  const start = async (): Promise<Embedded> => {
    Object.assign(process.env, env)
    try {
      return await startEmbedded(folder)
    } finally {
      for (const name of Object.keys(env)) delete process.env[name]
    }
  }
  return keepRunning(start, (message) => console.error(`postgres: ${message}`), new AbortController().signal)
}

function spawnUp(args: string[], env: Record<string, string>): ChildProcess {
  const main = join(import.meta.dirname, '..', '..', 'src', 'main.ts')
  return spawn(process.execPath, [main, 'up', '--json', ...args], {
    env: { PATH: process.env.PATH, ...SETTINGS, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
}

async function saysReady(up: ChildProcess): Promise<void> {
  up.stderr?.on('data', (piece) => process.stderr.write(piece))
  const lines = createInterface({ input: up.stdout as NodeJS.ReadableStream })
  const ended = once(up, 'exit').then(() => Promise.reject(new Error('titian up ended before it was ready')))
  ended.catch(() => undefined)
  await Promise.race([once(lines, 'line'), ended])
}
