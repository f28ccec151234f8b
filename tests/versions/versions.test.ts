import { execFileSync } from 'node:child_process'
import { existsSync, globSync } from 'node:fs'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import type { DemoReport } from '../../src/cli/demo/demo-report.ts'
import { postgresAccount } from '../../src/io/local/account.ts'
import { makeCluster } from '../../src/io/local/cluster.ts'
import { freePort } from '../../src/io/local/port.ts'
import { startGuarded } from '../../src/io/local/supervised.ts'
import { migrate } from '../../src/io/postgres/migrate.ts'
import { withClient } from '../../src/io/postgres/postgres.ts'
import { makeRoles } from '../../src/io/postgres/roles.sql.ts'
import { until } from '../support/running.ts'
import { runTitian } from '../support/titian.ts'

/** The majors that we support; 18 is the embedded one, on which all other tests run. */
const MAJORS = ['15', '16', '17'] as const
const PASSWORDS = { postgres: 'p1', titian_owner: 'p2', titian: 'p3', receiver: 'p4' }
/** Debian's packages, and folders that POSTGRES_BINS names. */
const FOLDERS = [...(process.env.POSTGRES_BINS?.split(':') ?? []), ...globSync('/usr/lib/postgresql/*/bin')]

describe.for(MAJORS.map((major) => [major, findServer(major)] as const))('PostgreSQL %s', ([major, found]) => {
  const name = 'is migrated, once, and takes the demo'
  it.skipIf(found === undefined)(
    found === undefined ? `${name} (skipped: no server of ${major} in POSTGRES_BINS or /usr/lib/postgresql)` : name,
    async () => {
      await using stack = new AsyncDisposableStack()
      const folder = await mkdtemp(join(tmpdir(), `titian-postgres-${major}-`))
      stack.defer(() => rm(folder, { recursive: true, force: true }))
      const urlFor = await startServer(found ?? '', folder, stack)
      const [app, owner] = [urlFor('titian', 'titian'), urlFor('titian_owner', 'titian')]
      expect((await migrate(owner, 'titian')).length).toBeGreaterThan(30)
      expect(await migrate(owner, 'titian')).toEqual([])
      const report = join(folder, 'report.json')
      const port = String(await freePort())
      const run = runTitian(['demo', '--data', join(folder, 'data'), '--port', port, '--json', report], {
        DATABASE_URL: app,
        DATABASE_OWNER_URL: owner,
        RECEIVER_DATABASE_URL: urlFor('receiver', 'receiver'),
      })
      expect(await run.ended, run.stderr()).toBe(0)
      const { ok, conservation } = JSON.parse(await readFile(report, 'utf8')) as DemoReport
      expect([ok, conservation.gap]).toEqual([true, 0])
    },
    300_000,
  )
})

/** The folder of programs of a major; undefined where there is none. */
function findServer(major: string): string | undefined {
  return FOLDERS.filter((folder) => existsSync(join(folder, 'initdb'))).find((folder) =>
    execFileSync(join(folder, 'postgres'), ['--version'], { encoding: 'utf8' }).includes(` ${major}.`),
  )
}

/** Starts a server with our roles and databases; it ends with the stack. */
async function startServer(programs: string, folder: string, stack: AsyncDisposableStack) {
  const account = await postgresAccount([folder, programs])
  const cluster = join(folder, 'cluster')
  await makeCluster(cluster, join(programs, 'initdb'), account, PASSWORDS.postgres)
  const port = await freePort()
  const flags = [
    `port=${port}`,
    'listen_addresses=127.0.0.1',
    'unix_socket_directories=',
    'max_connections=200',
    'jit=off',
  ]
  const server = startGuarded({
    command: [...account.prefix, join(programs, 'postgres'), '-D', cluster, ...flags.flatMap((flag) => ['-c', flag])],
    signal: 'INT',
    logFile: join(folder, 'postgres.log'),
    ...(account.prefix.length > 0 ? {} : { uid: account.uid, gid: account.gid }),
  })
  stack.defer(() => server.stop())
  const urlFor = (role: keyof typeof PASSWORDS, database: string) =>
    `postgres://${role}:${PASSWORDS[role]}@127.0.0.1:${port}/${database}`
  const admin = urlFor('postgres', 'postgres')
  await until(() => withClient(admin, () => Promise.resolve(true)).catch(() => false), 60)
  await withClient(admin, (db) => makeRoles(db, PASSWORDS))
  return urlFor
}
