import { randomBytes } from 'node:crypto'
import { chmod, mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { serverPaths } from '../../src/io/local/cluster.ts'
import { type Embedded, startEmbedded } from '../../src/io/local/embedded.ts'
import { keepRunning } from '../../src/io/local/keep-running.ts'
import { readPid } from '../../src/io/local/orphan.ts'
import { freePort } from '../../src/io/local/port.ts'
import { type JumpyClock, jumpyClock } from './clock.ts'
import { type Disk, openDisk } from './disk.ts'
import { type Listed, processesOf } from './processes.ts'
import { startUp } from './up.ts'

type Queue = 'postgres' | 'redis'
export type Part = 'serve' | 'work' | 'receiver' | 'redis-server'
export type WorldOptions = { queue: Queue; workers: number; say(line: string): void }

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
  /** Undefined where libfaketime is not installed. */
  clock: JumpyClock | undefined
  disks: { database: Disk; titian: Disk }
  /** The processes of a part, as they are at this moment. */
  parts(part: Part): number[]
  /** Ends `titian up` as an operator does, then PostgreSQL; the exit code of the former, and what is still there of all that was started. */
  stop(): Promise<{ code: number | null; leftover: Listed[] }>
}

// Short leases and small chunks, so that recovery is seen within seconds and every batch has several chunks.
const SETTINGS = { LEASE_SECONDS: '2', DISPATCH_SECONDS: '2', CHUNK_RECORDS: '25', UPLOAD_STALE_MINUTES: '1' }
const DISK_MB = 6000
const GONE_MS = 3000

/** Starts PostgreSQL on a disk and a clock of its own, and `titian up` on another disk. */
export async function startWorld({ queue, workers, say }: WorldOptions): Promise<World> {
  await using stack = new AsyncDisposableStack()
  const folder = await mkdtemp(join(tmpdir(), 'titian-chaos-'))
  await chmod(folder, 0o755)
  stack.defer(() => rm(folder, { recursive: true, force: true }))
  const disks = {
    database: stack.use(openDisk(join(folder, 'database'), DISK_MB)),
    titian: stack.use(openDisk(join(folder, 'titian'), DISK_MB)),
  }
  const clock = await jumpyClock(join(folder, 'clock'))
  const mark = randomBytes(8).toString('hex')
  const server = await startDatabase(disks.database.path, { ...clock?.env, TITIAN_CHAOS: mark }, say)
  stack.defer(() => server.stop())
  const { urlFor } = server.first
  const [data, port] = [disks.titian.path, await freePort()]
  const options = ['--data', data, '--port', String(port), '--workers', String(workers), '--queue', queue]
  const env = {
    ...SETTINGS,
    TITIAN_CHAOS: mark,
    DATABASE_URL: urlFor('titian', 'titian'),
    DATABASE_OWNER_URL: urlFor('titian_owner', 'titian'),
    RECEIVER_DATABASE_URL: urlFor('receiver', 'receiver'),
  }
  const up = await startUp(options, env, say)
  stack.defer(async () => void (await up.stop()))
  const processes = () => processesOf(`TITIAN_CHAOS=${mark}`, folder)
  const kept = stack.move()
  return {
    ...{ queue, folder, data, clock, disks },
    url: `http://127.0.0.1:${port}`,
    adminUrl: urlFor('postgres', 'postgres'),
    postmaster: () => readPid(serverPaths(disks.database.path).pid),
    parts: (part) =>
      processes()
        .filter(({ args }) => (part === 'redis-server' ? args[0]?.includes(part) : args.at(-1) === part))
        .map(({ pid }) => pid),
    async stop() {
      const code = await up.stop()
      await server.stop()
      // The guard of a server ends a moment after it.
      for (const end = performance.now() + GONE_MS; performance.now() < end && processes().length > 0; ) await wait(50)
      return { code, leftover: processes() }
    },
    [Symbol.asyncDispose]: () => kept.disposeAsync(),
  }
}

/** What `titian up` wrote for its operators about the stand-in: where it is, and how its journal is asked for. */
export async function readReceiver(data: string): Promise<{ url: string; token: string }> {
  const { receiver } = JSON.parse(await readFile(join(data, 'clients.json'), 'utf8'))
  return receiver
}

/** PostgreSQL under a supervisor, as `titian up` has it, with more in its environment. */
async function startDatabase(folder: string, env: Record<string, string>, say: (line: string) => void) {
  const start = async (): Promise<Embedded> => {
    // It takes its environment from ours.
    Object.assign(process.env, env)
    try {
      return await startEmbedded(folder)
    } finally {
      for (const name of Object.keys(env)) delete process.env[name]
    }
  }
  return keepRunning(start, (message) => say(`postgres: ${message}`), new AbortController().signal)
}
