import { chown, mkdir, stat, truncate } from 'node:fs/promises'
import { dirname, join, resolve } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { TitianError } from '../../domain/error.ts'
import { canWrite } from '../http/health/health.sql.ts'
import { withClient } from '../postgres/postgres.ts'
import type { Role } from '../postgres/roles.sql.ts'
import { makeRoles } from '../postgres/roles.sql.ts'
import { type Account, postgresAccount } from './account.ts'
import { archiveSettings, type Recovery, recoverySettings } from './archive.ts'
import { postgresBinaries } from './binaries.ts'
import { makeCluster, readMemory, serverPaths, writeMemory } from './cluster.ts'
import { endOrphan } from './orphan.ts'
import { freePort, isPortFree } from './port.ts'
import { memoryOfMachine, sharedBuffersOf } from './shared-buffers.ts'
import { type Guarded, startGuarded } from './supervised.ts'

/** A PostgreSQL of our own in a data folder, reachable from this machine only. */
export type Embedded = Guarded & { urlFor(role: Role, database: string): string }

// Every promise of durability is kept, and no value of a row reaches the log.
const SETTINGS = {
  listen_addresses: '127.0.0.1',
  unix_socket_directories: '',
  max_connections: '400',
  fsync: 'on',
  full_page_writes: 'on',
  synchronous_commit: 'on',
  max_wal_size: '4GB',
  checkpoint_timeout: '15min',
  jit: 'off',
  timezone: 'UTC',
  log_timezone: 'UTC',
  log_statement: 'none',
  log_checkpoints: 'off',
  // Not even errors: `value "317…" is out of range` would quote a NIK. Who made the statement is told anyway.
  log_min_messages: 'log',
  log_min_error_statement: 'panic',
  log_error_verbosity: 'terse',
  log_parameter_max_length: '0',
  log_parameter_max_length_on_error: '0',
}
const LOG_BYTES = 16 * 1024 * 1024
const START_MS = 60_000

/** Where WAL is archived to, if anywhere; and what a copy is to be brought to before it takes writes. */
export type EmbeddedOptions = { archive?: string | undefined; recovery?: Recovery }

/** Starts PostgreSQL in `<data>/postgres`, made at first use; what a killed run left behind is recovered. */
export async function startEmbedded(data: string, { archive, recovery }: EmbeddedOptions = {}): Promise<Embedded> {
  const paths = serverPaths(data)
  await mkdir(dirname(paths.log), { recursive: true, mode: 0o700 })
  if ((await sizeOf(paths.log)) > LOG_BYTES) await truncate(paths.log)
  const binaries = await postgresBinaries()
  const folder = archive === undefined ? [] : [resolve(archive)]
  for (const path of folder) await mkdir(path, { recursive: true, mode: 0o700 })
  const account = await postgresAccount([data, binaries, ...folder.map((path) => dirname(path))])
  for (const path of folder) await giveTo(path, account)
  const more = { ...(folder[0] && archiveSettings(folder[0])), ...(recovery && recoverySettings(recovery)) }
  await endOrphan(paths.pid, 'postgres')
  const memory = await readMemory(paths.memory)
  if (memory.port === 0 || !(await isPortFree(memory.port))) memory.port = await freePort()
  await writeMemory(paths.memory, memory)
  if ((await sizeOf(paths.cluster)) === 0)
    await makeCluster(paths.cluster, join(binaries, 'initdb'), account, memory.passwords.postgres)
  const server = startServer(join(binaries, 'postgres'), paths, { ...more, port: memory.port }, account)
  const urlFor = (role: Role, database: string) =>
    `postgres://${role}:${memory.passwords[role]}@127.0.0.1:${memory.port}/${database}`
  try {
    await answers(urlFor('postgres', 'postgres'), server, paths.log)
    if (recovery) await takesWrites(urlFor('postgres', 'postgres'), server)
    await withClient(urlFor('postgres', 'postgres'), (db) => makeRoles(db, memory.passwords))
  } catch (error) {
    await server.stop()
    throw error
  }
  return { ...server, urlFor }
}

function startServer(
  program: string,
  paths: ReturnType<typeof serverPaths>,
  settings: Readonly<Record<string, string | number>>,
  account: Account,
): Guarded {
  const memory = { shared_buffers: `${sharedBuffersOf(memoryOfMachine())}MB` }
  const flags = Object.entries({ ...SETTINGS, ...memory, ...settings }).flatMap(([name, value]) => [
    '-c',
    `${name}=${value}`,
  ])
  return startGuarded({
    command: [...account.prefix, program, '-D', paths.cluster, ...flags],
    signal: 'INT',
    logFile: paths.log,
    ...(account.prefix.length > 0 ? {} : { uid: account.uid, gid: account.gid }),
  })
}

async function answers(url: string, server: Guarded, log: string): Promise<void> {
  let ended = false
  void server.ended.then(() => {
    ended = true
  })
  for (const until = performance.now() + START_MS; performance.now() < until && !ended; await delay(30)) {
    const answered = await withClient(url, () => Promise.resolve(true)).catch(() => false)
    if (answered) return
  }
  const why = ended
    ? `it ended by itself; ${log} says why`
    : `it took no connection within ${START_MS / 1000} s, as after a crash on a slow disk; ${log} says how far it is`
  throw new TitianError('server-unsafe', `the embedded PostgreSQL did not start: ${why}`)
}

/** Waits while WAL is played, however much there is of it. */
async function takesWrites(url: string, server: Guarded): Promise<void> {
  let ended = false
  void server.ended.then(() => {
    ended = true
  })
  for (; !ended; await delay(200)) {
    const isDone = await withClient(url, canWrite).catch(() => false)
    if (isDone) return
  }
  throw new TitianError('server-unsafe', 'the archive ends before the moment that was named')
}

async function giveTo(path: string, { uid, gid }: Account): Promise<void> {
  if (uid !== undefined && gid !== undefined) await chown(path, uid, gid)
}

async function sizeOf(path: string): Promise<number> {
  return (await stat(path).catch(() => ({ size: 0 }))).size
}
