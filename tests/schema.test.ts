import { readFile } from 'node:fs/promises'
import type pg from 'pg'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openPool } from '../src/io/postgres/postgres.ts'
import { freshDatabase } from './support/database.ts'
import { dumpSchema, SCHEMA_FILE } from './support/schema.ts'

let migrated: pg.Pool
const stack = new AsyncDisposableStack()
beforeAll(async () => {
  const db = stack.use(await freshDatabase())
  migrated = stack.adopt(openPool(db.ownerUrl, 1), (pool) => pool.end())
})
afterAll(() => stack[Symbol.asyncDispose]())

describe('tests/schema.sql', () => {
  it('is what the migrations make: npm run schema', async () => {
    const owner = await migrated.connect()
    const dump = await dumpSchema(owner).finally(() => owner.release())
    expect(dump).toBe(await readFile(SCHEMA_FILE, 'utf8'))
  })

  it.for([
    ['a column', 'alter table batch add column planted text'],
    ['a default', "alter table chunk alter column platform set default 'planted'"],
    ['a constraint', "alter table client add constraint planted check (id <> 'planted')"],
    ['an index', 'create index planted on entry (line)'],
    ['a sequence', 'create sequence planted'],
    ['a function', "create function planted() returns text language sql as 'select null::text'"],
    ['a trigger', 'create trigger planted before delete on batch for each row execute function refuse_audit_change()'],
    ['a privilege', 'revoke delete on review from titian'],
  ] as const)('notices %s', async ([, statement]) => {
    const owner = await migrated.connect()
    try {
      await owner.query('begin')
      await owner.query(statement)
      expect(await dumpSchema(owner)).not.toBe(await readFile(SCHEMA_FILE, 'utf8'))
    } finally {
      await owner.query('rollback')
      owner.release()
    }
  })
})
