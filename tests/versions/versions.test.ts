import { execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, globSync } from 'node:fs'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { describe, expect, it } from 'vitest'
import type { DemoReport } from '../../src/cli/demo/demo-report.ts'
import { freePort } from '../../src/io/local/port.ts'
import { migrate } from '../../src/io/postgres/migrate.ts'
import { startPostgres } from '../support/servers/postgres.ts'
import { runTitian } from '../support/titian.ts'

/** The majors that we support; 18 is the embedded one, on which all other tests run. */
const MAJORS = ['15', '16', '17'] as const
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
      const { urlFor } = stack.use(await startPostgres(found ?? '', folder))
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

  const flows = 'answers whatever is asked by every route, and takes submissions'
  it.skipIf(found === undefined)(
    found === undefined ? `${flows} (skipped: as above)` : flows,
    async () => {
      const files = ['fuzz', 'submissions', 'lookups'].map((one) => `tests/flows/${one}.test.ts`)
      const child = spawn('npx', ['vitest', 'run', '--maxWorkers=1', ...files], {
        cwd: join(import.meta.dirname, '../..'),
        env: { PATH: process.env.PATH, POSTGRES_BIN: found },
      })
      const said = text(child.stdout)
      const [code] = await once(child, 'close')
      expect([code, await said]).toEqual([0, expect.stringContaining('3 passed')])
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
