import { expect, it } from 'vitest'
import { migrate } from '../../../src/io/postgres/migrate.ts'
import { newestMigration } from '../../../src/io/postgres/migration.file.ts'
import { withClient } from '../../../src/io/postgres/postgres.ts'
import { keepPresent } from '../../../src/io/postgres/presence.db.ts'
import { noteProcess } from '../../../src/io/postgres/process.sql.ts'
import { lockMigrations } from '../../../src/io/postgres/roles.sql.ts'
import { guardPostgres } from '../../../src/io/postgres/server-checks.ts'
import { freshDatabase } from '../../support/database.ts'
import { migrationsWith } from '../../support/next-migrations.ts'
import { until } from '../../support/running.ts'

const LIMITS = { LEASE_SECONDS: 30, DATABASE_CONNECTIONS: 1 }

it('a breaking migration is refused while a process that does not know it runs, and an older one is refused after it', async () => {
  await using db = await freshDatabase()
  await using next = await migrationsWith(
    '9001_other_words',
    '-- breaking\n-- Other words.\nalter table report rename signs to marks;\n',
  )
  const old = { id: 'a', kind: 'worker', schema: await newestMigration() }
  {
    await using _running = await keepPresent(db.pool, old)
    await expect(migrate(db.ownerUrl, 'titian', { folder: next.path })).rejects.toThrow(
      '9001_other_words is a breaking migration, and processes of an earlier version run (worker: 1)',
    )
    await db.pool.query('select signs from report')
    await guardPostgres(db.pool, LIMITS, Date.now)
  }
  // One that was killed says no goodbye; it counts until its last sign is old.
  await noteProcess(db.pool, old)
  await expect(migrate(db.ownerUrl, 'titian', { folder: next.path })).rejects.toThrow('worker: 1')
  await db.pool.query(`update running_code set seen_at = now() - interval '1 minute'`)
  expect(await migrate(db.ownerUrl, 'titian', { folder: next.path })).toEqual(['9001_other_words'])
  await expect(guardPostgres(db.pool, LIMITS, Date.now)).rejects.toThrow('install the newer version')
})

it('a migration that breaks nothing is applied beside older processes, which go on', async () => {
  await using db = await freshDatabase()
  await using next = await migrationsWith(
    '9001_more',
    '-- One more column.\nalter table report add column more text;\n',
  )
  await using _running = await keepPresent(db.pool, { id: 'a', kind: 'gateway', schema: await newestMigration() })
  expect(await migrate(db.ownerUrl, 'titian', { folder: next.path })).toEqual(['9001_more'])
  await guardPostgres(db.pool, LIMITS, Date.now)
})

it('a process that knows the breaking migration stops nobody', async () => {
  await using db = await freshDatabase()
  await using next = await migrationsWith(
    '9001_other_words',
    '-- breaking\n-- Other words.\nalter table report rename signs to marks;\n',
  )
  await using _running = await keepPresent(db.pool, { id: 'a', kind: 'worker', schema: '9001_other_words' })
  expect(await migrate(db.ownerUrl, 'titian', { folder: next.path })).toEqual(['9001_other_words'])
})

it('a process that starts while somebody migrates is noted after it', async () => {
  await using db = await freshDatabase()
  const { starting } = await withClient(db.ownerUrl, async (owner) => {
    await lockMigrations(owner)
    let isNoted = false
    const starting = keepPresent(db.pool, { id: 'a', kind: 'worker', schema: '0001' }).finally(() => {
      isNoted = true
    })
    await until(async () => {
      const { rows } = await owner.query(
        `select 1 from pg_locks where locktype = 'advisory' and not granted and database = (select oid from pg_database where datname = current_database())`,
      )
      return rows.length === 1
    })
    expect(isNoted).toBe(false)
    // In an object: a promise that is returned would be waited for, with the lock still held.
    return { starting }
  })
  await (await starting)[Symbol.asyncDispose]()
  const { rows } = await db.pool.query('select id from running_code')
  expect(rows).toEqual([])
})
