import type { Pool } from 'pg'
import { expect, it } from 'vitest'
import type { CleanEntry } from '../../../src/domain/entry.ts'
import type { BatchId, ChunkId } from '../../../src/domain/ids.ts'
import type { ClaimedChunk } from '../../../src/engine/stage.ts'
import { sql } from '../../../src/io/postgres/sql.ts'
import { finishSnapshots } from '../../../src/link/withdraw/snapshot.db.ts'
import { freshDatabase } from '../../support/database.ts'
import { correction, entry, family, link, openBatch, person, submit } from '../support.ts'
import { askRecord } from './support.ts'

const HOUSEHOLD = { household: { scheme: 'carik', key: 'F' } }
const home = (area: number, ...members: string[]): CleanEntry =>
  entry(
    1,
    'F',
    family('F', { luas_lantai: area }, HOUSEHOLD),
    ...members.map((key, at) => person(key, { nama: key }, { path: `/anggota/${at}`, ...HOUSEHOLD })),
  )
const alone = (key: string, nama: string, line = 2): CleanEntry => entry(line, key, person(key, { nama }))

/** What a platform does, in this order. */
const STEPS: readonly ((db: Pool) => Promise<void>)[] = [
  (db) => received(db, [home(40, 'ADI', 'BAYU'), alone('P', 'PUTRI')]),
  (db) => received(db, [home(50, 'ADI'), alone('Q', 'QORI')]),
  (db) => asked(db, 'F'),
  (db) => received(db, [home(60, 'CITRA'), alone('P', 'PUTRI AYU')]),
  (db) => asked(db, 'CITRA'),
  (db) => received(db, [home(60, 'CITRA', 'DEWI'), alone('R', 'RATNA')], true),
  (db) => received(db, [alone('Q', 'QORI'), alone('S', 'SARI', 3)]),
  (db) => asked(db, 'S'),
]

async function received(db: Pool, entries: CleanEntry[], isSnapshot = false): Promise<void> {
  const batch = await openBatch(db)
  if (isSnapshot) await db.query(sql`update batch set snapshot = 'open' where id = ${batch}`)
  await submit(db, entries, { batch })
}

async function asked(db: Pool, key: string): Promise<void> {
  await askRecord(db, { key })
}

/** The chunks that wait to be linked, in the order of receipt. */
async function waiting(db: Pool): Promise<ClaimedChunk[]> {
  const { rows } = await db.query<{ batch: BatchId; chunk: ChunkId; isSnapshot: boolean }>(sql`
    select c.id as chunk, c.batch, b.snapshot is not null as "isSnapshot"
    from chunk c join batch b on b.id = c.batch where c.state = ${'clean'} order by b.receipt_order`)
  return Promise.all(rows.map(async (row) => ({ ...(await correction(db, row)), isSnapshot: row.isSnapshot })))
}

/** The texts of the records that stand, whoever's they are. */
async function standing(db: Pool): Promise<string[]> {
  const { rows } = await db.query<{ key: string; content: string }>(sql`
    select encode(key_index, 'hex') as key, encode(content_hash, 'hex') as content from source_record`)
  return rows.map(({ key, content }) => `${key} ${content}`).sort()
}

/** Numbers that look like chance, the same for each seed. */
function dice(seed: number): (sides: number) => number {
  let state = seed
  return (sides) => {
    state = (state * 48271) % 2147483647
    return state % sides
  }
}

/** Does the steps in their order, and links what waits in an order by chance; `at` 0: each as soon as it is received. */
async function run(db: Pool, seed: number): Promise<string[]> {
  const roll = dice(seed)
  const linkSome = async () => {
    const chunks = await waiting(db)
    const chunk = chunks[seed === 0 ? 0 : roll(chunks.length || 1)]
    if (chunk !== undefined) await link(db, chunk)
    await finishSnapshots(db, { mostAbsent: () => 100, crash: () => undefined })
  }
  for (const step of STEPS) {
    await step(db)
    for (let times = seed === 0 ? 3 : roll(3); times > 0; times--) await linkSome()
  }
  for (let times = 0; (await waiting(db)).length > 0 && times < 400; times++) await linkSome()
  await linkSome()
  for (let times = 0; (await waiting(db)).length > 0 && times < 400; times++) await linkSome()
  return standing(db)
}

it('leaves the same records, in whatever order workers link what was received', async () => {
  await using inOrder = await freshDatabase()
  const expected = await run(inOrder.pool, 0)
  // The family and DEWI of the snapshot with CITRA, RATNA, and QORI, who was pushed after it.
  expect(expected).toHaveLength(5)
  for (const seed of [3, 7, 11, 19, 23, 42, 101, 977]) {
    await using db = await freshDatabase()
    expect([seed, await run(db.pool, seed)]).toEqual([seed, expected])
  }
}, 300_000)
