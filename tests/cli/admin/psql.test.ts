import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { psqlVariables } from '../../../src/cli/admin/psql.ts'
import { openPool } from '../../../src/io/postgres/postgres.ts'
import { titian } from '../../support/command.ts'
import { freshDatabase } from '../../support/database.ts'
import { dataFolder, runTitian } from '../../support/titian.ts'

/** A folder that holds a program named psql, which says how it was started. */
async function folderWithPsql() {
  const path = await mkdtemp(join(tmpdir(), 'titian-psql-'))
  const script =
    '#!/bin/sh\necho "arguments: $*"\necho "$PGUSER $PGHOST $PGPORT $PGDATABASE"\necho "password: $PGPASSWORD" >&2\nexit 3\n'
  await writeFile(join(path, 'psql'), script, { mode: 0o700 })
  return { path, [Symbol.asyncDispose]: () => rm(path, { recursive: true }) }
}

describe('titian psql', () => {
  it('starts psql as the role of the gateway, with the password in its environment alone', async () => {
    await using db = await freshDatabase()
    await using folder = await folderWithPsql()
    const { username, password, hostname, port, pathname } = new URL(db.url)
    const env = { DATABASE_URL: db.url, PATH: folder.path }
    const said = await titian(['psql', '-c', 'select 1'], env, async () => openPool(db.url, 1))
    expect(said).toEqual({
      out: ['arguments: --no-psqlrc --command select 1', `${username} ${hostname} ${port} ${pathname.slice(1)}`],
      err: [`password: ${password}`],
      code: 3,
    })
  })

  it('prints a table without psql', async () => {
    await using db = await freshDatabase()
    const env = { DATABASE_URL: db.url, PATH: '/nowhere' }
    const run = (sql: string) => titian(['psql', '-c', sql], env, async () => openPool(db.url, 1))
    expect(await run("select 1 as one, null as two, '2026-01-02'::date as day")).toEqual({
      out: ['  one  two  day', '  1         2026-01-02', '(1 row)'],
      err: [],
      code: 0,
    })
    expect((await run('create temp table t (a int); insert into t values (1), (2); select * from t')).out).toEqual([
      'CREATE',
      'INSERT 2',
      '  a',
      '  1',
      '  2',
      '(2 rows)',
    ])
    expect(await run('select nothing')).toEqual({
      out: [],
      err: ['titian: PostgreSQL refuses the statement: column "nothing" does not exist'],
      code: 1,
    })
  })

  it('says what to install for a conversation without psql', async () => {
    await using db = await freshDatabase()
    const env = { DATABASE_URL: db.url, PATH: '/nowhere' }
    const said = await titian(['psql'], env, async () => openPool(db.url, 1))
    expect(said.err).toEqual([
      expect.stringMatching(/^titian: psql is not installed: install .* or give one statement with -c$/),
    ])
  })

  it('says in one sentence that nothing runs on a data folder', async () => {
    await using data = await dataFolder()
    const run = runTitian(['psql', '--data', data.path, '-c', 'select 1'])
    expect(await run.ended).toBe(1)
    expect(run.stderr()).toMatch(/^titian: no titian runs on .*: start it with titian up, .*\n$/)
  })

  it('knows sockets and certificates of an address', () => {
    expect(
      psqlVariables('postgres://ti%40tian:p%2Fw@db.example/titian?sslmode=verify-full&sslrootcert=/ca.pem'),
    ).toEqual({
      PGHOST: 'db.example',
      PGPORT: '5432',
      PGUSER: 'ti@tian',
      PGPASSWORD: 'p/w',
      PGDATABASE: 'titian',
      PGSSLMODE: 'verify-full',
      PGSSLROOTCERT: '/ca.pem',
    })
    expect(psqlVariables('postgres://a:b@localhost/c?host=/var/run/postgresql').PGHOST).toBe('/var/run/postgresql')
  })
})
