import { hash } from 'node:crypto'
import fc from 'fast-check'
import type { Pool, PoolClient } from 'pg'
import { expect, it } from 'vitest'
import type { DeliveryId } from '../../src/domain/ids.ts'
import { feedAfter } from '../../src/forward/pull/feed.sql.ts'
import { sequenceDeliveries } from '../../src/forward/sequence.sql.ts'
import { newId } from '../../src/io/ids.ts'
import { sql } from '../../src/io/postgres/sql.ts'
import { freshDatabase } from '../support/database.ts'
import { insertDelivery } from '../support/fixtures/rows.ts'

async function insertBare(tx: PoolClient, id: DeliveryId): Promise<void> {
  const manifest = JSON.stringify({ delivery: id })
  await insertDelivery(tx, { id, chunk: newId('chk'), batch: newId('bat'), manifest })
}

/** Reads the feed from a cursor to its end, as BPS does. */
async function readOn(db: Pool, cursor: string, seen: string[]): Promise<string> {
  const { items } = await feedAfter(db, cursor, 1000)
  seen.push(...items.map(({ manifest }) => manifest.delivery))
  return items.at(-1)?.position ?? cursor
}

it('gives no position to a delivery whose transaction is still open', async () => {
  await using db = await freshDatabase()
  const [early, late] = [await db.pool.connect(), await db.pool.connect()]
  try {
    const ids = [newId('dlv'), newId('dlv')] as const
    await early.query('begin')
    await insertBare(early, ids[0])
    await late.query('begin')
    await insertBare(late, ids[1])
    await late.query('commit')
    expect(await sequenceDeliveries(db.pool)).toBe(1)
    const seen: string[] = []
    const cursor = await readOn(db.pool, '0', seen)
    await early.query('commit')
    expect(await sequenceDeliveries(db.pool)).toBe(1)
    await readOn(db.pool, cursor, seen)
    expect(seen).toEqual([ids[1], ids[0]])
  } finally {
    early.release()
    late.release()
  }
})

const ACTS = ['open', 'commit-oldest', 'commit-newest', 'roll-back', 'sequence', 'sequence-twice', 'read'] as const

it('shows every delivery exactly once to a reader who follows, however commits, sequencers and reads interleave', async () => {
  await using db = await freshDatabase()
  await fc.assert(
    fc.asyncProperty(fc.array(fc.constantFrom(...ACTS), { maxLength: 30 }), async (acts) => {
      await db.pool.query('delete from delivery')
      const open: { tx: PoolClient; id: DeliveryId }[] = []
      const committed: string[] = []
      const seen: string[] = []
      const { rows } = await db.pool.query<{ last: string }>(sql`
        select coalesce(pg_sequence_last_value('delivery_position'), 0) as last`)
      let cursor = rows[0]?.last ?? '0'
      const end = async (one: (typeof open)[number] | undefined, how: 'commit' | 'rollback') => {
        if (one === undefined) return
        await one.tx.query(how)
        one.tx.release()
        if (how === 'commit') committed.push(one.id)
      }
      const begin = async () => {
        if (open.length === 5) return
        const one = { tx: await db.pool.connect(), id: newId('dlv') }
        await one.tx.query('begin')
        await insertBare(one.tx, one.id)
        open.push(one)
      }
      const acting: Record<(typeof ACTS)[number], () => Promise<unknown>> = {
        open: begin,
        'commit-oldest': () => end(open.shift(), 'commit'),
        'commit-newest': () => end(open.pop(), 'commit'),
        'roll-back': () => end(open.shift(), 'rollback'),
        sequence: () => sequenceDeliveries(db.pool),
        'sequence-twice': () => Promise.all([sequenceDeliveries(db.pool), sequenceDeliveries(db.pool)]),
        read: async () => {
          cursor = await readOn(db.pool, cursor, seen)
        },
      }
      for (const act of acts) await acting[act]()
      for (const one of open.splice(0)) await end(one, 'commit')
      await sequenceDeliveries(db.pool)
      await readOn(db.pool, cursor, seen)
      expect(seen.toSorted()).toEqual(committed.toSorted())
    }),
    { numRuns: 20 },
  )
})

it('leaves the work to the sequencer that is at it', async () => {
  await using db = await freshDatabase()
  const tx = await db.pool.connect()
  try {
    await insertBare(tx, newId('dlv'))
    await tx.query('begin')
    await tx.query(sql`select pg_advisory_xact_lock(hashtext('titian delivery sequencer'))`)
    expect(await sequenceDeliveries(db.pool)).toBe(0)
    await tx.query('commit')
    expect(await sequenceDeliveries(db.pool)).toBe(1)
  } finally {
    tx.release()
  }
})

it('follows the order in which deliveries were composed, whatever the clocks of those say who composed them', async () => {
  await using db = await freshDatabase()
  const ids = Array.from({ length: 5 }, () => newId('dlv'))
  const tx = await db.pool.connect()
  for (const id of ids) await insertBare(tx, id)
  for (const [i, id] of ids.entries())
    await tx.query(sql`update delivery set composed_at = now() - make_interval(secs => ${i}) where id = ${id}`)
  tx.release()
  await sequenceDeliveries(db.pool)
  const { rows } = await db.pool.query<{ id: string }>(sql`select id from delivery order by position`)
  expect(rows.map(({ id }) => id)).toEqual(ids)
})

it('carries the chain on, also over what an earlier version gave a position', async () => {
  await using db = await freshDatabase()
  const tx = await db.pool.connect()
  for (let i = 0; i < 3; i++) await insertBare(tx, newId('dlv'))
  await tx.query(sql`update delivery set position = nextval('delivery_position')`)
  for (let i = 0; i < 2; i++) await insertBare(tx, newId('dlv'))
  tx.release()
  expect((await feedAfter(db.pool, '0', 10)).items).toEqual([])
  await sequenceDeliveries(db.pool)
  const { items } = await feedAfter(db.pool, '0', 10)
  expect(items).toHaveLength(5)
  let chain = Buffer.alloc(32)
  const { rows } = await db.pool.query<{ digest: Buffer }>(sql`select digest from delivery order by position`)
  for (const [at, item] of items.entries()) {
    chain = hash('sha256', Buffer.concat([chain, rows[at]?.digest ?? Buffer.alloc(0)]), 'buffer')
    expect(item.chain).toEqual(chain)
    expect(item.previous).toEqual(rows[at - 1]?.digest ?? null)
  }
})
