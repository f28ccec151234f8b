import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type pg from 'pg'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openPool, withClient } from '../../src/io/postgres/postgres.ts'
import { emptyDatabase, freshDatabase } from '../support/database.ts'
import { breaksOf, readStructure } from './breaking.ts'

const FOLDER = join(import.meta.dirname, '../../src/io/postgres/migrations')
const MIGRATIONS = readdirSync(FOLDER)
  .toSorted()
  .map((name) => ({ name, text: readFileSync(join(FOLDER, name), 'utf8') }))

/** The head that a migration must have. */
const saysBreaking = (text: string) => text.startsWith('-- breaking\n')

/** A migrated database, as its owner. */
let migrated: pg.Pool
const stack = new AsyncDisposableStack()
beforeAll(async () => {
  const db = stack.use(await freshDatabase())
  migrated = stack.adopt(openPool(db.ownerUrl, 1), (pool) => pool.end())
})
afterAll(() => stack[Symbol.asyncDispose]())

describe('a migration', () => {
  it('says `-- breaking` in line one if and only if code of the version before cannot live with it', async () => {
    await using db = await emptyDatabase()
    const wrong = await withClient(db.url, async (owner) => {
      const wrong: [string, string[]][] = []
      // What the migration tool makes before the first one.
      await owner.query('create table migration (id serial primary key, name text, run_on timestamptz)')
      for (const { name, text } of MIGRATIONS) {
        const before = await readStructure(owner)
        await owner.query(text)
        const breaks = breaksOf(before, await readStructure(owner), text)
        if (breaks.length > 0 !== saysBreaking(text)) wrong.push([name, breaks])
      }
      return wrong
    })
    expect(wrong).toEqual([])
  })

  it('has a number of its own, in a row, and a sentence on top', () => {
    expect(MIGRATIONS.map(({ name }) => Number(name.slice(0, 4)))).toEqual(MIGRATIONS.map((_, at) => at + 1))
    expect(MIGRATIONS.filter(({ text }) => !/^(-- breaking\n)?-- [A-Z]/.test(text))).toEqual([])
  })

  it.for([
    ['alter table batch rename to parcel', 'batch is gone'],
    ['drop table destination', 'destination is gone'],
    ['drop sequence delivery_position', 'delivery_position is gone'],
    ['alter table chunk drop column due_at', 'chunk.due_at is gone'],
    ['alter table chunk rename column raw to body', 'chunk.raw is gone'],
    ['alter table entry alter column line type bigint', 'entry.line has another type'],
    ['alter table client alter column platform set not null', 'client.platform may no longer be null'],
    ['alter table chunk alter column epoch drop default', 'chunk.epoch has lost its default'],
    ['alter table batch add column reason text not null', 'batch.reason must be given'],
    [
      "alter table batch add column reason text not null default ''; alter table batch alter reason drop default",
      'batch.reason must be given',
    ],
    [
      'alter table batch drop constraint batch_platform_idempotency_key_key',
      'batch has lost batch_platform_idempotency_key_key',
    ],
    [
      'alter table batch rename constraint batch_receipt_order_key to batch_order_key',
      'batch has lost batch_receipt_order_key',
    ],
    ['alter table client add constraint short check (length(id) < 9)', 'client is bound by short'],
    [
      "alter table batch drop constraint batch_state_check; alter table batch add constraint batch_state_check check (state in ('received', 'settled'))",
      'batch is bound by batch_state_check',
    ],
    ['alter table client add column a text, add constraint given check (a is not null)', 'client is bound by given'],
    ['create unique index one_platform on client (platform)', 'client is bound by one_platform'],
    ['alter table entry add foreign key (chunk) references chunk', 'entry is bound by entry_chunk_fkey'],
    ["delete from identifier where kind = 'nik'", 'rows of identifier are deleted'],
    ['truncate blocking', 'rows of blocking are deleted'],
    ["update chunk set state = 'received' where state = 'clean'", 'rows of chunk are rewritten'],
    [
      "alter table batch add column planted text; update batch b set planted = 'push', platform = 'x'",
      'rows of batch are rewritten',
    ],
    ["do $$ begin execute format('delete from %I', 'entry'); end $$", 'rows of %I are deleted'],
    [
      "do $$ begin execute format('revoke insert on delivery from %I', 'titian'); end $$",
      'delivery may not be inserted into',
    ],
    ["comment on column delivery.payload is 'form 3: shorter'", 'delivery.payload is written in another form'],
    ['revoke insert on delivery from titian', 'delivery titian INSERT is taken away'],
  ] as const)('breaks old code with: %s', async ([statement, reason]) => {
    expect(await breaksOfPlanted(statement)).toContain(reason)
  })

  it.for([
    'create table planted (id text primary key, name text not null); delete from planted',
    "alter table batch add column planted text not null default 'push' check (planted in ('push', 'decision')); update batch set planted = 'decision' where platform = 'titian'",
    'alter table link_decision add column c bytea; alter table link_decision add constraint c_side check (c in (a, b))',
    "alter table batch drop constraint batch_state_check; alter table batch add constraint batch_state_check check (state in ('receiving', 'received', 'waiting', 'settled'))",
    'alter table client alter column scopes drop not null',
    'alter table client add column code text unique',
    'create index planted on entry (line)',
    'drop index batch_open',
    "insert into destination (name) values ('kemensos')",
    'alter table client add column region text references client',
  ])('leaves old code alone with: %s', async (statement) => {
    expect(await breaksOfPlanted(statement)).toEqual([])
  })
})

/** The breaks of a statement, which is taken back. */
async function breaksOfPlanted(statement: string): Promise<string[]> {
  const owner = await migrated.connect()
  try {
    await owner.query('begin')
    const before = await readStructure(owner)
    await owner.query(statement)
    return breaksOf(before, await readStructure(owner), statement)
  } finally {
    await owner.query('rollback')
    owner.release()
  }
}
