import type pg from 'pg'
import { describe, expect, inject, it } from 'vitest'
import { STAGES } from '../../../src/domain/states.ts'
import { copyRows } from '../../../src/io/postgres/copy.ts'
import { inTransaction, openPool, withClient } from '../../../src/io/postgres/postgres.ts'
import { SESSION, sessionFault } from '../../../src/io/postgres/session.ts'
import { createWall } from '../../../src/io/postgres/wall.sql.ts'
import { migrateQueue, openQueue } from '../../../src/io/queue.ts'
import { freshDatabase } from '../../support/database.ts'
import { until } from '../../support/running.ts'

/** Ends a session of the application as a failover does: from outside, whatever it is doing. */
const end = (pid: number) =>
  withClient(`${inject('postgres').admin}postgres`, async (admin) => {
    await admin.query('select pg_terminate_backend($1)', [pid])
  })

/** Ends a connection from outside and waits until the driver knows. */
async function endOf(client: pg.ClientBase): Promise<void> {
  const { rows } = await client.query('select pg_backend_pid() as pid')
  await new Promise((resolve) => {
    client.once('end', resolve)
    void end(rows[0].pid)
  })
}

describe('a connection that the server ends', () => {
  it('between two statements of a transaction fails that transaction and nothing else', async () => {
    await using db = await freshDatabase()
    for (let i = 0; i < 3; i++) {
      const lost = inTransaction(db.pool, async (tx) => {
        await endOf(tx)
        await tx.query('select 1')
      })
      await expect(lost).rejects.toThrow()
    }
    expect((await db.pool.query('select 1 as one')).rows).toEqual([{ one: 1 }])
    expect(db.pool.totalCount).toBe(1)
  })

  it('while it is checked out and asked for nothing is harmless', async () => {
    await using db = await freshDatabase()
    const client = await db.pool.connect()
    await endOf(client)
    client.release()
    expect((await db.pool.query('select 1 as one')).rows).toEqual([{ one: 1 }])
  })

  it('fails what is asked of it behind the wall', async () => {
    await using db = await freshDatabase()
    const wall = createWall()
    const lost = wall.run('carik-jakarta', () =>
      inTransaction(wall.behind(db.pool), async (tx) => {
        await endOf(tx)
        await tx.query('select 1')
      }),
    )
    await expect(lost).rejects.toThrow('connection')
    expect((await db.pool.query('select 1 as one')).rows).toEqual([{ one: 1 }])
  })

  it('fails the rows that are copied into it', async () => {
    await using db = await freshDatabase()
    const lost = inTransaction(db.pool, async (tx) => {
      await endOf(tx)
      await copyRows(tx, 'pg_temp.nothing', { id: 'text' }, [['a']])
    })
    await expect(lost).rejects.toThrow()
  })

  it('outside any pool fails the work that was on it', async () => {
    await using db = await freshDatabase()
    const lost = withClient(db.url, async (client) => {
      await endOf(client)
      await client.query('select 1')
    })
    await expect(lost).rejects.toThrow()
  })

  it('under the queue is made anew', async () => {
    await using db = await freshDatabase()
    const queue = openQueue({ databaseUrl: db.url })
    await queue.counts()
    const { rows } = await db.pool.query(
      'select pid from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()',
    )
    expect(rows.length).toBeGreaterThan(0)
    for (const { pid } of rows) await end(pid)
    // A connection may be asked before it has noticed its end.
    await until(async () => (await queue.counts().catch(() => undefined)) !== undefined)
    expect(Object.keys(await queue.counts())).toEqual([...STAGES])
    await queue.close()
  })
})

describe('a session', () => {
  const WRONG = {
    DateStyle: "'SQL, DMY'",
    IntervalStyle: "'iso_8601'",
    TimeZone: "'Asia/Jayapura'",
    bytea_output: "'escape'",
    standard_conforming_strings: 'off',
    extra_float_digits: '-10',
    search_path: 'nowhere',
    default_transaction_isolation: "'serializable'",
    default_transaction_deferrable: 'on',
    statement_timeout: "'1ms'",
    lock_timeout: "'1ms'",
    idle_session_timeout: "'1ms'",
    jit: 'on',
  }

  it.each(Object.entries(WRONG))('runs under our %s, whatever the role is set to', async (name, value) => {
    await using db = await freshDatabase()
    const database = new URL(db.url).pathname.slice(1)
    const read = async (url: string) => {
      const pool = openPool(url, 1)
      const { rows } = await pool.query(`select current_setting('${name}') as value`)
      await pool.end()
      return rows[0].value
    }
    const before = await read(db.url)
    await db.pool.query(`alter role current_user in database ${database} set ${name} = ${value}`)
    expect(await read(db.url)).toBe(before)
    const flag = `-c ${name}=${value.replaceAll("'", '').replaceAll(' ', '\\ ')}`
    expect(await read(`${db.url}?options=${encodeURIComponent(flag)}`)).toBe(before)
  })

  it('that a pooler gave other settings is refused with one sentence', () => {
    const good = Object.fromEntries(Object.entries(SESSION).map(([name, value]) => [name.toLowerCase(), value]))
    expect(sessionFault(good)).toBeUndefined()
    expect(sessionFault({ ...good, transaction_timeout: '0' })).toBeUndefined()
    expect(sessionFault({ ...good, transaction_timeout: '5000' })).toContain('transaction_timeout 5000')
    for (const name of Object.keys(SESSION)) {
      expect(sessionFault({ ...good, [name.toLowerCase()]: 'other' })).toMatch(
        new RegExp(`^.*${name} 'other'.*pooler.*$`),
      )
    }
  })

  it('keeps the other options of its address', async () => {
    await using db = await freshDatabase()
    const pool = openPool(`${db.url}?options=-c%20work_mem%3D9MB&application_name=mine`, 1)
    const { rows } = await pool.query(
      "select current_setting('work_mem') as m, current_setting('application_name') as a",
    )
    await pool.end()
    expect(rows[0]).toEqual({ m: '9MB', a: 'mine' })
  })

  it('of the queue runs under our settings and finds its tables', async () => {
    await using db = await freshDatabase()
    const database = new URL(db.url).pathname.slice(1)
    await db.pool.query(
      `alter role current_user in database ${database} set default_transaction_isolation = 'serializable'`,
    )
    await db.pool.query(`alter role current_user in database ${database} set search_path = nowhere`)
    const queue = openQueue({ databaseUrl: `${db.url}?options=-c%20work_mem%3D9MB` })
    expect(await queue.counts()).toMatchObject({ clean: {} })
    await queue.close()
    await withClient(db.ownerUrl, migrateQueue)
  })
})
