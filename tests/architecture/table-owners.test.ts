import { describe, expect, it } from 'vitest'
import { sql } from '../../src/io/postgres/sql.ts'
import { freshDatabase } from '../support/database.ts'
import { faultOf, readOwners, tableBelow, usesOf } from './owners.ts'
import { migrationFiles, sourceFiles, stringsOf } from './source.ts'

const owners = readOwners()
const files = sourceFiles()
const uses = files.flatMap(usesOf)
const faultsOf = (path: string, text: string) =>
  usesOf({ path, text })
    .map((use) => faultOf(use, owners))
    .filter((fault) => fault !== undefined)

describe('the owners of tables', () => {
  it('are read from ARCHITECTURE.md, and the statements from the sources', () => {
    expect(owners.get('chunk')).toBe('engine')
    expect(owners.get('batch_order')).toBe('engine')
    expect(owners.get('receiver:subject')).toBe('receiver')
    const written = (path: string) =>
      new Set(uses.filter((use) => use.path === path && use.does === 'writes').map(({ name }) => name))
    expect(written('engine/upload.sql.ts')).toEqual(new Set(['batch', 'chunk', 'batch_order']))
    expect(written('link/subjects/subjects-write.sql.ts')).toEqual(
      new Set(['subject', 'source_record', 'identifier', 'key_conflict']),
    )
    expect(written('forward/sequence.sql.ts')).toEqual(new Set(['delivery', 'delivery_position']))
  })

  it('alone write, and only reports read what is others’', () => {
    expect(uses.map((use) => faultOf(use, owners)).filter((fault) => fault !== undefined)).toEqual([])
  })

  it('all write what they own', () => {
    const written = new Set(
      uses
        .filter(({ does }) => does === 'writes')
        .map(({ path, name }) => (path.startsWith('receiver/') ? `receiver:${name}` : name)),
    )
    expect([...owners].filter(([name, owner]) => owner !== 'io/postgres' && !written.has(name))).toEqual([])
  })

  it('own every table and sequence of a migrated database', async () => {
    await using db = await freshDatabase()
    const { rows } = await db.pool.query<{ name: string }>(sql`
      select relname as name from pg_class
      where relnamespace = 'public'::regnamespace and relkind in ('r', 'p', 'S') and not relispartition`)
    const known = [...owners.keys()].filter((name) => !name.startsWith('receiver:'))
    expect(rows.map(({ name }) => name).sort()).toEqual(known.sort())
  })

  it.each([
    ['intake/a.sql.ts', "await db.query(sql`insert into chunk (id) values ('x')`)", 'writes chunk'],
    ['link/persons/a.ts', 'await tx.query(`\n  update   subject s set family = null`)', 'writes subject'],
    ['link/review/a.sql.ts', 'sql`with gone as (delete from only blocking returning 1) select 1`', 'writes blocking'],
    ['forward/a.sql.ts', "tx.query('truncate table audit')", 'writes audit'],
    ['clean/a.sql.ts', "copyRows(\n  tx,\n  'entry',\n  {}, [])", 'writes entry'],
    ['engine/a.sql.ts', "sql`select nextval('delivery_position')`", 'writes delivery_position'],
    [
      'forward/b.sql.ts',
      'sql`insert into delivery as d select from batch on conflict do update set x = 1`',
      'reads batch',
    ],
    ['reports/a.sql.ts', 'sql`update batch set received = 0`', 'writes batch'],
    ['console/a.sql.ts', 'sql`select 1 from x join review r using (id)`', 'reads review'],
    ['trust/audit/a.sql.ts', 'sql`merge into client using x on true when matched then delete`', 'writes client'],
    ['engine/b.sql.ts', `db.query(\`delete from $\{table} where true\`)`, 'does not name'],
    ['engine/c.db.ts', 'copyRows(tx, table, {}, [])', 'does not name'],
    ['engine/d.sql.ts', 'sql`insert into chunks (id) values (1)`', 'has no owner'],
  ])('are missed when %s plants a foreign statement', (path, text, fault) => {
    expect(faultsOf(path, text)).toEqual([expect.stringContaining(fault)])
  })

  it('do not mind what is no statement', () => {
    const text = `
      // insert into chunk is what others do
      const told = 'a chunk from batch one'
      log(\`\${n} rows from chunk\`, /['\`]insert into chunk/)
      sql\`select id from given order by id for update skip locked\``
    expect(faultsOf('intake/a.ts', text)).toEqual([])
    expect(stringsOf(text).map((one) => one.text)).toHaveLength(3)
  })
})

describe('the order of locks', () => {
  it('names every advisory lock of the gateway, and where it is taken', () => {
    const rows = tableBelow('Order of locks')
    const taken = files
      .filter(({ path }) => !path.startsWith('receiver/'))
      .flatMap(({ path, text }) => [...text.matchAll(/'(titian [a-z ]+)'/g)].map(([, lock]) => `${lock} in ${path}`))
    // A function of the database may take one, too.
    for (const { name, text } of migrationFiles())
      for (const [, lock] of text.matchAll(/hashtext\('(titian [a-z ]+)'\)/g))
        taken.push(`${lock} in io/postgres/migrations/${name}`)
    const told = rows.flatMap(([, lock = '', , where = '']) =>
      [...lock.matchAll(/advisory `([^`]+)`/g)].map(([, name]) => `${name} in ${where.replaceAll('`', '')}`),
    )
    expect(taken.length).toBeGreaterThan(5)
    expect(told.sort()).toEqual([...new Set(taken)].sort())
  })
})
