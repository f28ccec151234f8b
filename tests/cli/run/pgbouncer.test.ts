import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { startEmbedded } from '../../../src/io/local/embedded.ts'
import { openPool, withClient } from '../../../src/io/postgres/postgres.ts'
import { guardPostgres } from '../../../src/io/postgres/server-checks.ts'
import { SESSION } from '../../../src/io/postgres/session.ts'
import { describeWithPgbouncer, startPgbouncer } from '../../support/servers/pgbouncer.ts'
import { dataFolder, runTitian } from '../../support/titian.ts'

const ROLE = join(import.meta.dirname, '../../../deploy/postgres/role-behind-a-pooler.sql')

it('the settings of a role behind a pooler are those that every session asks for', async () => {
  const script = await readFile(ROLE, 'utf8')
  const set = [...script.matchAll(/^alter role titian set (\w+) = (.*);$/gm)].map(([, name, value]) => [name, value])
  expect(Object.fromEntries(set)).toEqual({
    ...Object.fromEntries(
      Object.entries(SESSION).map(([name, value]) => [
        name,
        value
          .split(', ')
          .map((part) => `'${part}'`)
          .join(', '),
      ]),
    ),
    idle_in_transaction_session_timeout: "'30s'",
  })
})

describeWithPgbouncer('behind PgBouncer in transaction mode', () => {
  it('the whole way of the samples runs and the audit log holds; only migrations and listening go past it', async () => {
    await using server = await dataFolder()
    await using data = await dataFolder()
    const postgres = await startEmbedded(server.path)
    const [app, receiver] = [postgres.urlFor('titian', 'titian'), postgres.urlFor('receiver', 'receiver')]
    await withClient(postgres.urlFor('postgres', 'titian'), async (db) => {
      // A server that was set up for people of Jakarta, to see that its own settings reach nobody.
      await db.query(`alter system set timezone = 'Asia/Jakarta'`)
      await db.query('select pg_reload_conf()')
    })
    const migrated = runTitian(['migrate'], {
      DATABASE_URL: app,
      DATABASE_OWNER_URL: postgres.urlFor('titian_owner', 'titian'),
    })
    expect(await migrated.ended).toBe(0)
    {
      await using pooled = await startPgbouncer([app])
      const pool = openPool(pooled.urls[0] ?? '', 1)
      const limits = { LEASE_SECONDS: 30, DATABASE_CONNECTIONS: 10 }
      await expect(guardPostgres(pool, limits, Date.now)).rejects.toThrow('role-behind-a-pooler.sql')
      await pool.end()
      await withClient(postgres.urlFor('postgres', 'titian'), async (db) => db.query(await readFile(ROLE, 'utf8')))
    }
    await using pooled = await startPgbouncer([app, receiver])
    const env = {
      TITIAN_DATA: data.path,
      DATABASE_URL: pooled.urls[0] ?? '',
      DATABASE_OWNER_URL: postgres.urlFor('titian_owner', 'titian'),
      DATABASE_SESSION_URL: app,
      RECEIVER_DATABASE_URL: pooled.urls[1] ?? '',
    }
    const demo = runTitian(['demo', '--data', data.path], env)
    expect(await demo.ended, demo.stderr()).toBe(0)
    const audit = runTitian(['audit', 'verify'], { ...env, KEYS_FILE: join(data.path, 'keys.json') })
    expect(await audit.ended, audit.stderr()).toBe(0)
    await postgres.stop()
  }, 300_000)
})
