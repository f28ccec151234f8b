import type { Pool } from 'pg'
import { describe, expect, it } from 'vitest'
import { hiddenNumbers } from '../../../src/trust/keys/hidden-number.ts'
import { createKeyRing, rotateIndexKey, withoutIndexKeys } from '../../../src/trust/keys/keyring.ts'
import { aad, openVault } from '../../../src/trust/keys/vault.ts'
import { INDEXED_TABLES, LASTING_COLUMNS } from '../../../src/trust/reindex/columns.ts'
import { readIndexUse } from '../../../src/trust/reindex/index-use.db.ts'
import { reindexTask } from '../../../src/trust/reindex/reindex.db.ts'
import { SEALED_COLUMNS } from '../../../src/trust/reseal/columns.ts'
import { freshDatabase } from '../../support/database.ts'

// Binary columns that hold no keyed hash: plain digests, roots of trees, packed numbers, and reports.
const PLAIN = new Set(
  [
    'audit.details audit.hash audit.previous audit_block.root audit_checkpoint.leaves audit_checkpoint.root',
    'batch.payload_sha256 batch_part.sha256 delivery.chain delivery.changes delivery.digest delivery.subjects',
    'account.password_salt account.password_digest account_recovery.digest',
    'programme_list.digest receipt.root receipt_block.leaves receipt_block.root report.findings upload.sha256',
  ].flatMap((line) => line.split(' ')),
)

const nameOf = (table: string) => (column: string) => `${table}.${column}`
const MOVED = INDEXED_TABLES.flatMap(({ table, indexes, hidden = [] }) =>
  [...indexes, hidden].flat().map(nameOf(table)),
)

describe('the list of indexed tables', () => {
  it('has every binary column that is neither sealed nor known to hold no index', async () => {
    await using db = await freshDatabase()
    const { rows } = await db.pool.query<{ name: string }>(`
      select table_name || '.' || column_name as name from information_schema.columns
      where table_schema = 'public' and data_type = 'bytea'`)
    const sealed = SEALED_COLUMNS.map(({ table, column }) => `${table}.${column}`)
    const known = new Set([...MOVED, ...Object.keys(LASTING_COLUMNS), ...PLAIN, ...sealed])
    expect(rows.map(({ name }) => name).filter((name) => !known.has(name))).toEqual([])
    const present = new Set(rows.map(({ name }) => name))
    expect([...MOVED, ...PLAIN].filter((name) => !present.has(name))).toEqual([])
  })

  it('has every table that says which key a row was moved to', async () => {
    await using db = await freshDatabase()
    const { rows } = await db.pool.query<{ name: string }>(`
      select table_name as name from information_schema.columns
      where table_schema = 'public' and column_name = 'moved_to' order by table_name`)
    expect(rows.map(({ name }) => name)).toEqual(INDEXED_TABLES.map(({ table }) => table).sort())
  })

  it('names the place of a sealed value as the list of sealed columns does', () => {
    for (const { table, sealed } of INDEXED_TABLES) {
      if (sealed === undefined) continue
      const column = SEALED_COLUMNS.find((one) => one.table === table && one.column === sealed.column)
      expect(column?.place(['jembrana', 'ab'])).toBe(sealed.place('jembrana', 'ab'))
    }
    const bound = SEALED_COLUMNS.filter(({ names }) => names.some((name) => name.includes('key_index')))
    expect(bound.map(({ table }) => table)).toEqual(['source_record', 'lookup_row'])
  })
})

const START = new Date(Date.now() - 1000)
const RECORDS = 150

/** Rows of several tables under the index key of a vault, as the stages write them. */
async function fill(db: Pool, vault: ReturnType<typeof openVault>): Promise<void> {
  const numbers = Array.from({ length: RECORDS }, (_, at) => at)
  const key = (at: number) => vault.indexText('key', `key ${at}`)
  const { hide } = hiddenNumbers(vault.indexText)
  for (const at of numbers)
    await db.query(
      `insert into source_record (key_index, subject, platform, dataset, receipt_order, batch, line, content_hash, sealed)
       values (decode($1, 'hex'), $2, 'jembrana', 'd', 1, 'bat_1', $3, decode($4, 'hex'), $5)`,
      [
        key(at),
        `per_${at}`,
        at,
        vault.indexText('content', `content ${at}`),
        vault.seal(Buffer.from(`record ${at}`), aad('jembrana', 'source_record', key(at), 'record')),
      ],
    )
  await db.query(
    `insert into identifier (index, subject, kind)
     select decode(i, 'hex'), 'fam_' || at, 'kk' from unnest($1::text[]) with ordinality as g(i, at)`,
    [numbers.map((at) => vault.indexText('kk', `card ${at}`))],
  )
  await db.query(
    `insert into blocking (key, record, number)
     select ('x' || left(b, 16))::bit(64)::bigint, decode(r, 'hex'), decode(n, 'hex')
     from unnest($1::text[], $2::text[], $3::text[]) as g(b, r, n)`,
    [
      numbers.map((at) => vault.indexText('name', `name ${at % 50}`)),
      numbers.map(key),
      // Every third has none.
      numbers.map((at) => (at % 3 === 0 ? null : hide(`3174015704830${String(at).padStart(3, '0')}`))),
    ],
  )
  await db.query(
    `insert into review (id, a, b, weight, model)
     select 'rev_' || at, least(decode(x, 'hex'), decode(y, 'hex')), greatest(decode(x, 'hex'), decode(y, 'hex')), 1, 'm'
     from unnest($1::text[], $2::text[]) with ordinality as g(x, y, at)`,
    [numbers.slice(1).map(key), numbers.slice(1).map((at) => key(at - 1))],
  )
  await db.query(`insert into subject (id, level, version, golden_hash) values ('per_new', 'individu', 0, '')`)
  await db.query(`insert into erased (index, erasure, numbered) values ($1, 'era_1', true)`, [
    vault.index('nik', 'erased|gone'),
  ])
}

/** Every index in the tables that `fill` fills, by what it is of: the row's other columns. */
async function dump(db: Pool): Promise<string[]> {
  const { rows } = await db.query<{ line: string }>(`
    select 'record ' || subject || ' ' || encode(key_index, 'hex') || ' ' || encode(content_hash, 'hex') as line from source_record
    union all select 'identifier ' || subject || ' ' || encode(index, 'hex') from identifier
    union all select 'blocking ' || encode(int8send(key), 'hex') || ' ' || encode(record, 'hex') || coalesce(' ' || encode(number, 'hex'), '') from blocking
    union all select 'review ' || id || ' ' || encode(a, 'hex') || ' ' || encode(b, 'hex') from review
    union all select 'erased ' || encode(index, 'hex') from erased
    order by 1`)
  return rows.map(({ line }) => line)
}

const never = () => Promise.resolve(false)

describe('moving indexes to another key', () => {
  it('leaves what was written under it from the start, though it is killed at every page', {
    timeout: 300_000,
  }, async () => {
    await using db = await freshDatabase()
    const ring = createKeyRing(START)
    await fill(db.pool, openVault(ring))
    let rotated = ring
    for (const version of [2, 3]) {
      rotated = rotateIndexKey(withoutIndexKeys(rotated, version - 1), new Date())
      const vault = openVault(rotated)
      let steps = 0
      const crash = () => {
        steps += 1
        if (steps % 2 === 1) throw new Error('killed')
      }
      const task = reindexTask({ vault, ring: rotated, crash, isBusy: never })
      let killed = 0
      for (let turn = 0; turn < 200; turn++) {
        await task.run(db.pool).catch(() => killed++)
        if ((await readIndexUse(db.pool, rotated)).every(({ state }) => state === 'works' || state === 'finds nothing'))
          break
      }
      expect(killed).toBeGreaterThan(10)
      const uses = await readIndexUse(db.pool, rotated)
      expect(uses.map((use) => [use.version, use.state, use.rows > 0])).toEqual([
        [version - 1, 'finds nothing', false],
        [version, 'works', true],
      ])
      const left = withoutIndexKeys(rotated, version)
      expect(left.indexKeys?.map((key) => key.version)).toEqual([version])
      const fresh = openVault(left)
      await using other = await freshDatabase()
      await fill(other.pool, fresh)
      expect(await dump(db.pool)).toEqual(await dump(other.pool))
      const { rows } = await db.pool.query<{ key: string; sealed: Buffer; subject: string }>(
        `select encode(key_index, 'hex') as key, sealed, subject from source_record`,
      )
      for (const { key, sealed, subject } of rows)
        expect(fresh.open(sealed, aad('jembrana', 'source_record', key, 'record')).toString()).toBe(
          `record ${subject.slice(4)}`,
        )
    }
  })
})
