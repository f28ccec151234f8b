import type { Pool } from 'pg'
import { describe, expect, it } from 'vitest'
import type { RawEntry } from '../../../src/domain/entry.ts'
import type { BatchId } from '../../../src/domain/ids.ts'
import { packEntries } from '../../../src/engine/chunks/packing.ts'
import { sealRaw } from '../../../src/engine/chunks/sealed-chunk.ts'
import { receiptTask } from '../../../src/engine/receipt/build.db.ts'
import { proofOfBatch, proofOfLine } from '../../../src/engine/receipt/proof.db.ts'
import { readReceipt } from '../../../src/engine/receipt/receipt.sql.ts'
import { openReceipt, verifyReceipt } from '../../../src/engine/receipt/verify.ts'
import { forgetChunks } from '../../../src/engine/retention.sql.ts'
import { newId } from '../../../src/io/ids.ts'
import { sql } from '../../../src/io/postgres/sql.ts'
import { createKeyRing } from '../../../src/trust/keys/keyring.ts'
import { verifiersOf } from '../../../src/trust/keys/signing-keys.ts'
import { openVault } from '../../../src/trust/keys/vault.ts'
import { freshDatabase } from '../../support/database.ts'
import { insertBatch, insertChunk } from '../../support/fixtures/rows.ts'

const ring = createKeyRing(new Date('2026-01-01T00:00:00Z'))
const vault = openVault(ring)
const keys = [...verifiersOf(ring.deliveries).values()]
const PLATFORM = 'carik-jakarta'
const entryOf = (line: number): RawEntry => ({ line, form: 'object', text: `{"id":"${line}"}` })

type Settings = { crash?: (point: string) => void; warned?: object[] }
const task = ({ crash = () => undefined, warned = [] }: Settings = {}) =>
  receiptTask({
    vault,
    ring,
    publicUrl: 'https://gerbang.example/pintu',
    log: { warn: (fields) => warned.push(fields) },
    crash,
  })

/** A settled batch whose lines lie in these chunks. */
async function settledBatch(db: Pool, chunks: readonly (readonly number[])[]): Promise<BatchId> {
  const received = chunks.flat().length
  const { id: batch } = await insertBatch(db, { state: 'settled', received, settled_at: new Date() })
  for (const lines of chunks) {
    const id = newId('chk')
    const raw = await sealRaw(vault, { id, platform: PLATFORM }, packEntries(lines.map(entryOf)))
    const [first = 1] = lines
    const counts = { entries: lines.length, new: lines.length }
    await insertChunk(db, { id, batch, first_line: first, state: 'settled', raw, settled_at: new Date(), ...counts })
    await db.query(sql`
      insert into entry (batch, line, chunk, outcome)
      select ${batch}, line, ${id}, 'new' from unnest(${lines}::int[]) as l (line)`)
  }
  return batch
}

/** What the receipt of a batch, or of a line of it, proves of the lines that were pushed. */
async function proven(db: Pool, batch: BatchId, lines: readonly number[], line?: number) {
  const receipt = await readReceipt(db, batch)
  if (receipt === undefined) return undefined
  const of = { batch, receipt, format: undefined }
  const text = line === undefined ? await proofOfBatch(db, vault, of) : await proofOfLine(db, vault, of, line)
  const open = openReceipt(text ?? '', keys)
  if (typeof open === 'string') return open
  return verifyReceipt(open, pushed(lines))
}

async function* pushed(lines: readonly number[]): AsyncGenerator<RawEntry> {
  for (const line of lines) yield entryOf(line)
}

async function blocksOf(db: Pool): Promise<number> {
  const { rows } = await db.query<{ blocks: number }>('select count(*)::int as blocks from receipt_block')
  return rows[0]?.blocks ?? 0
}

const range = (from: number, to: number) => Array.from({ length: to - from }, (_, at) => from + at)

describe('making receipts', () => {
  it('proves each of 2,500 entries in three blocks, with released ones between the lines of other chunks', async () => {
    await using db = await freshDatabase()
    const released = range(1, 2501).filter((line) => line % 100 === 3)
    const rest = range(1, 2501).filter((line) => !released.includes(line))
    const batch = await settledBatch(db.pool, [rest.slice(0, 900), rest.slice(900, 1800), rest.slice(1800), released])
    expect(await task().run(db.pool)).toBe(1)
    expect(await task().run(db.pool)).toBe(0)
    const lines = range(1, 2501)
    expect(await proven(db.pool, batch, lines)).toEqual({ entries: 2500, outcomes: { new: 2500 }, unread: 0 })
    for (const line of [1, 3, 1024, 1025, 1603, 2048, 2049, 2500])
      expect(await proven(db.pool, batch, lines, line)).toEqual({ entries: 1, outcomes: { new: 1 }, unread: 0 })
    expect(await proven(db.pool, batch, [2, 1, ...lines.slice(2)])).toBe('root-other')
    expect(await proven(db.pool, batch, lines.slice(0, -1))).toBe('size-other')
  })

  it('goes on with what a killed process left, in blocks, and signs once', async () => {
    await using db = await freshDatabase()
    const lines = range(1, 70_001)
    const batch = await settledBatch(db.pool, [lines.slice(0, 40_000), lines.slice(40_000)])
    const dying = task({
      crash: (point) => {
        if (point === 'receipts:before-sign-commit') throw new Error('killed')
      },
    })
    while ((await blocksOf(db.pool)) < 64) expect(await dying.run(db.pool)).toBe(0)
    expect(await dying.run(db.pool)).toBe(0)
    expect(await readReceipt(db.pool, batch)).toBeUndefined()
    // What died was the transaction of the last blocks alone.
    expect(await blocksOf(db.pool)).toBe(64)
    expect(await task().run(db.pool)).toBe(1)
    expect(await proven(db.pool, batch, lines, 69_999)).toMatchObject({ entries: 1 })
    expect(await readReceipt(db.pool, batch)).toMatchObject({ edition: 1, size: 70_000 })
  }, 300_000)

  it('makes the next edition when outcomes changed, and keeps the signature when they did not', async () => {
    await using db = await freshDatabase()
    const batch = await settledBatch(db.pool, [range(1, 11)])
    await task().run(db.pool)
    const before = await readReceipt(db.pool, batch)
    await db.pool.query('update batch set settled_at = now()')
    expect(await readReceipt(db.pool, batch)).toBeUndefined()
    await task().run(db.pool)
    expect(await readReceipt(db.pool, batch)).toEqual(before)
    await db.pool.query("update entry set outcome = 'updated' where line = 4")
    await db.pool.query('update batch set settled_at = now()')
    await task().run(db.pool)
    expect(await readReceipt(db.pool, batch)).toMatchObject({ edition: 2 })
    expect(await proven(db.pool, batch, range(1, 11))).toMatchObject({ outcomes: { new: 9, updated: 1 } })
    const { rows } = await db.pool.query('select edition, checkpoint is not null as signed from receipt order by 1')
    expect(rows).toEqual([
      { edition: 1, signed: true },
      { edition: 2, signed: true },
    ])
  })

  it('makes the next edition of leaves that it has, though the records of what did not change are destroyed', async () => {
    await using db = await freshDatabase()
    const batch = await settledBatch(db.pool, [range(1, 11), range(11, 21)])
    await task().run(db.pool)
    await db.pool.query('update chunk set raw = null where first_line = 1')
    await db.pool.query("update entry set outcome = 'rejected' where line = 15")
    await db.pool.query('update batch set settled_at = now()')
    await task().run(db.pool)
    expect(await readReceipt(db.pool, batch)).toMatchObject({ edition: 2 })
    expect(await proven(db.pool, batch, range(1, 21))).toMatchObject({ outcomes: { new: 19, rejected: 1 } })
  })

  it('passes over a batch whose records are gone, and over one that cannot be opened without holding up others', async () => {
    await using db = await freshDatabase()
    const gone = await settledBatch(db.pool, [range(1, 4)])
    await db.pool.query('update chunk set raw = null where batch = $1', [gone])
    const broken = await settledBatch(db.pool, [range(1, 4)])
    await db.pool.query(`update chunk set raw = '\\x0102' where batch = $1`, [broken])
    const whole = await settledBatch(db.pool, [range(1, 4)])
    const warned: object[] = []
    expect(await task({ warned }).run(db.pool)).toBe(1)
    expect(warned).toMatchObject([{ batch: broken }])
    expect(await readReceipt(db.pool, gone)).toBeUndefined()
    expect(await readReceipt(db.pool, whole)).toBeDefined()
  })

  it('comes before the source records are destroyed', async () => {
    await using db = await freshDatabase()
    const batch = await settledBatch(db.pool, [range(1, 4)])
    await db.pool.query("update chunk set settled_at = now() - interval '40 days'")
    expect(await forgetChunks(db.pool, 30)).toBe(0)
    await task().run(db.pool)
    expect(await forgetChunks(db.pool, 30)).toBe(1)
    expect(await proven(db.pool, batch, range(1, 4))).toMatchObject({ entries: 3 })
  })
})
