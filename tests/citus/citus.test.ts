import { randomBytes } from 'node:crypto'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type pg from 'pg'
import { describe, expect, inject, it } from 'vitest'
import type { DemoReport } from '../../src/cli/demo/demo-report.ts'
import { databaseAddress } from '../../src/cli/run/database.ts'
import { startEmbedded } from '../../src/io/local/embedded.ts'
import { freePort } from '../../src/io/local/port.ts'
import { migrate } from '../../src/io/postgres/migrate.ts'
import { MIGRATIONS, readMigrations } from '../../src/io/postgres/migration.file.ts'
import { inTransaction, openPool, withClient } from '../../src/io/postgres/postgres.ts'
import { createWall, WALL_ROLE } from '../../src/io/postgres/wall.sql.ts'
import { writeNewKeyRing } from '../../src/trust/keys/keyring.file.ts'
import { createKeyRing } from '../../src/trust/keys/keyring.ts'
import { carikPayload } from '../faults/families.ts'
import { dropEverywhere, emptyDatabase, freshDatabase } from '../support/database.ts'
import { FLAWLESS, judge } from '../support/oracle.ts'
import { startSystem } from '../support/system.ts'
import { runTitian } from '../support/titian.ts'
import { makeDatabase, nodesOf } from './server.ts'
import { findWorkerNode } from './worker-node.ts'

const workers = inject('workers') ?? []
const reason = workers.length === 0 ? ' (skipped: CITUS_URL names no coordinator)' : ''
const SPREAD = ['blocking', 'entry', 'identifier', 'key_conflict', 'source_record', 'subject']

describe.skipIf(workers.length === 0)(`tables distributed over ${workers.length} workers${reason}`, () => {
  it('are spread once, by their own keys, and hold no row on the coordinator', async () => {
    await using db = await freshDatabase()
    expect(await migrate(db.ownerUrl, 'titian', { distributed: true })).toEqual([])
    const { rows } = await db.pool.query<{ name: string }>(
      'select logicalrelid::text as name from pg_dist_partition order by 1',
    )
    expect(rows.map(({ name }) => name)).toEqual(SPREAD)
  })

  it('are not spread while a gateway or worker runs', async () => {
    await using db = await freshDatabase()
    await withClient(db.ownerUrl, async (owner) => {
      await owner.query(`select undistribute_table('key_conflict')`)
      await owner.query(`insert into key_conflict values ('\\x01', 'bat_1', 1)`)
    })
    const noted = `insert into running_code (id, kind, schema) values ('one', 'worker', '')`
    await db.pool.query(noted)
    await expect(migrate(db.ownerUrl, 'titian', { distributed: true })).rejects.toThrow('worker: 1')
    await db.pool.query('delete from running_code')
    expect(await migrate(db.ownerUrl, 'titian', { distributed: true })).toEqual(['distributed key_conflict'])
    const { rows } = await db.pool.query('select line from key_conflict')
    expect(rows).toEqual([{ line: 1 }])
  })

  it('are reached by a platform’s requests, whose wall stands before all that lies on the coordinator', async () => {
    await using db = await freshDatabase()
    const wall = createWall()
    const tables = wall.behind(db.pool)
    const role = 'select current_user::text as role'
    const heard = await wall.run('jembrana', () =>
      inTransaction(tables, async (tx) => {
        const roles = [(await tx.query(role)).rows[0].role]
        await tx.query('select count(*) from entry')
        roles.push(
          (await tx.query(`select current_user::text as role from source_record union all ${role}`)).rows[0].role,
        )
        return [...roles, (await tx.query(role)).rows[0].role]
      }),
    )
    expect(heard).toEqual([WALL_ROLE, 'titian', WALL_ROLE])
    const { rows: walled } = await db.pool.query<{ name: string }>(
      'select relname as name from pg_class where relrowsecurity order by 1',
    )
    const names = walled.map(({ name }) => name)
    expect(names).toEqual(expect.arrayContaining(['batch', 'chunk', 'delivery']))
    expect(names.filter((name) => SPREAD.includes(name))).toEqual([])
  })

  it('that were spread before there was row security are migrated on', async () => {
    const name = `test_${randomBytes(8).toString('hex')}`
    const [coordinator, nodes] = await nodesOf(process.env.CITUS_URL ?? '')
    await using stack = new AsyncDisposableStack()
    stack.defer(() =>
      dropEverywhere(
        [coordinator, ...nodes].map(({ admin }) => admin),
        name,
      ),
    )
    await makeDatabase(coordinator, nodes, name)
    const owner = `${inject('postgres').owner}${name}`
    const before = (await readMigrations(MIGRATIONS)).filter((one) => one.name < '0043').length
    expect(await migrate(owner, 'titian', { count: before, distributed: true })).toContain('distributed entry')
    expect(await migrate(owner, 'titian', { distributed: true })).toContain('0043_platform_wall')
  })

  it('take the demo, know it again, and link the samples as whole tables do, to the last pair', async () => {
    await using stack = new AsyncDisposableStack()
    const folder = await mkdtemp(join(tmpdir(), 'titian-citus-'))
    stack.defer(() => rm(folder, { recursive: true, force: true }))
    const KEYS_FILE = join(folder, 'keyring.json')
    await writeNewKeyRing(KEYS_FILE, createKeyRing(new Date()))
    const spread = stack.use(await freshDatabase())
    const receiver = stack.use(await emptyDatabase())
    const demo = async (data: string, settings: Record<string, string>) => {
      const report = join(folder, `${data}.json`)
      const port = String(await freePort())
      const run = runTitian(['demo', '--data', join(folder, data), '--port', port, '--json', report], {
        KEYS_FILE,
        ...settings,
      })
      expect(await run.ended, run.stderr()).toBe(0)
      return JSON.parse(await readFile(report, 'utf8')) as DemoReport
    }
    const named = {
      DATABASE_URL: spread.url,
      DATABASE_OWNER_URL: spread.ownerUrl,
      RECEIVER_DATABASE_URL: receiver.url,
    }
    const first = await demo('spread', named)
    const again = await demo('spread', named)
    expect([first.ok, first.conservation.gap, again.ok, again.conservation.gap]).toEqual([true, 0, true, 0])
    const { rejected, held, received } = first.totals
    expect(again.totals).toMatchObject({ new: 0, updated: 0, pending: 0, unchanged: received - rejected - held })
    await demo('whole', {})
    const server = await startEmbedded(join(folder, 'whole'))
    stack.defer(() => server.stop())
    const whole = stack.adopt(openPool(await databaseAddress({}, join(folder, 'whole')), 1), (pool) => pool.end())
    const linked = await personsIn(spread.pool)
    expect(linked.length).toBeGreaterThan(4000)
    expect(linked).toEqual(await personsIn(whole))
  }, 900_000)

  it('lose and double nothing when a worker node is killed and started again while batches flow', async (context) => {
    const node = await findWorkerNode(workers[0] ?? '')
    if (node === undefined) return context.skip('the workers run on another machine')
    await using system = await startSystem()
    await system.start('serve')
    await system.start('receiver')
    await system.start('work')
    await system.start('work')
    const gateway = system.as('carik-jakarta')
    const sent = new Map<string, number>()
    for (let round = 0; round < 2; round++) {
      const { batch } = await gateway.push('carik', `round-${round}`, carikPayload(500))
      sent.set(batch.id, 500)
      const isUnderWay = async () => {
        const { counts } = await gateway.get<{ counts: { pending: number } }>(`/v1/batches/${batch.id}`)
        return counts.pending < 450
      }
      while (!(await isUnderWay()));
      node.kill()
      await node.start()
      await gateway.settled(batch.id)
    }
    expect(await judge(system, sent)).toMatchObject(FLAWLESS)
    await gateway.close()
  }, 600_000)
})

/** The subjects of a database, each as the keys of its records: with one key ring the same records have the same keys. */
async function personsIn(db: pg.Pool): Promise<string[]> {
  const { rows } = await db.query<{ key: string; subject: string }>(
    `select encode(key_index, 'hex') as key, subject from source_record`,
  )
  const subjects = Map.groupBy(rows, ({ subject }) => subject)
  return [...subjects.values()]
    .map((records) =>
      records
        .map(({ key }) => key)
        .toSorted()
        .join(' '),
    )
    .toSorted()
}
