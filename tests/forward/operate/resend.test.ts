import type { Pool } from 'pg'
import { describe, expect, it } from 'vitest'
import { settleBatch } from '../../../src/engine/chunk.sql.ts'
import { feedEpoch } from '../../../src/forward/feed-epoch.sql.ts'
import { resendDeliveries } from '../../../src/forward/operate/resend.db.ts'
import { sequenceDeliveries } from '../../../src/forward/sequence.sql.ts'
import { inTransaction, openPool } from '../../../src/io/postgres/postgres.ts'
import { readAuditOf } from '../../../src/trust/audit/audit.sql.ts'
import { openGateway, problemOf } from '../../flows/gateway.ts'
import { freshReceiver } from '../../receiver/stand-in.ts'
import { readBatchState } from '../../support/batches.ts'
import { titian } from '../../support/command.ts'
import { freshDatabase } from '../../support/database.ts'
import { linkChunk, pushing, ring, vault, workUntilSettled } from '../gateway.ts'

const ORDER = { reason: 'dipulihkan dari salinan', actor: 'ops-1' }

async function statuses(db: Pool) {
  const { rows } = await db.query(
    'select d.status, c.state as chunk, d.resends from delivery d join chunk c on c.id = d.chunk order by d.position',
  )
  return rows.map(({ status, chunk, resends }) => `${status} ${chunk} ${resends}`)
}

/** Deliveries that the receiver has taken, in order of the feed. */
async function delivered(db: Pool, url: string, count: number) {
  await using worker = pushing(db, url)
  const linked = []
  for (let turn = 0; turn < count; turn += 1) {
    const one = await linkChunk(db)
    await sequenceDeliveries(db)
    await workUntilSettled(worker, one.chunk)
    await inTransaction(db, (tx) => settleBatch(tx, one.batch))
    linked.push(one)
  }
  return linked
}

describe('sending again', () => {
  it('makes deliveries from a position on open, and pushes the same bytes once to a receiver that lost them', async () => {
    await using db = await freshDatabase()
    await using before = await freshReceiver()
    const linked = await delivered(db.pool, before.url, 3)
    // The receiver as its backup has it: only the first of the three.
    await using restored = await freshReceiver()
    const done = await resendDeliveries({ db: db.pool, vault }, { from: '2', ...ORDER })
    expect(done).toEqual({ resent: 2, open: 0, gone: [], next: null })
    expect(await statuses(db.pool)).toEqual(['acknowledged settled 0', 'composed linked 1', 'composed linked 1'])
    expect(await readBatchState(db.pool, linked[1]?.batch as `bat_${string}`)).toBe('received')
    await using worker = pushing(db.pool, restored.url)
    for (const { chunk } of linked.slice(1)) expect(await worker.work(chunk)).toBe('settled')
    expect(await statuses(db.pool)).toEqual([
      'acknowledged settled 0',
      'acknowledged settled 1',
      'acknowledged settled 1',
    ])
    expect(await restored.counts()).toMatchObject({ deliveries: 2, repeats: 0, records: 12 })
    const { rows } = await db.pool.query("select receipt ->> 'digest' as digest from delivery order by position")
    expect(rows.map(({ digest }) => digest)).toEqual(linked.map(({ composed }) => composed.manifest.digest))
  })

  it('has no effect on a receiver that still has them', async () => {
    await using db = await freshDatabase()
    await using receiver = await freshReceiver()
    const linked = await delivered(db.pool, receiver.url, 2)
    await resendDeliveries({ db: db.pool, vault }, { from: '1', ...ORDER })
    await using worker = pushing(db.pool, receiver.url)
    for (const { chunk } of linked) expect(await worker.work(chunk)).toBe('settled')
    expect(await receiver.counts()).toMatchObject({ deliveries: 2, repeats: 0, records: 12 })
  })

  it('names those whose bytes are destroyed, leaves open ones alone, and keeps to its end', async () => {
    await using db = await freshDatabase()
    await using receiver = await freshReceiver()
    const linked = await delivered(db.pool, receiver.url, 4)
    const gone = linked[1]?.delivery
    await db.pool.query('update delivery set payload = null where id = $1', [gone])
    await db.pool.query("update delivery set state = 'composed' where id = $1", [linked[2]?.delivery])
    const done = await resendDeliveries({ db: db.pool, vault }, { from: '1', to: '3', ...ORDER })
    expect(done).toEqual({ resent: 1, open: 1, gone: [gone], next: null })
    expect((await statuses(db.pool)).map((one) => one.split(' ')[0])).toEqual([
      'composed',
      'acknowledged',
      'sent',
      'acknowledged',
    ])
  })

  it('is an order of ops, audited with its reason sealed, and refuses a place of another feed', async () => {
    await using gateway = await openGateway()
    const { pool } = gateway.db
    await using receiver = await freshReceiver()
    await delivered(pool, receiver.url, 1)
    const ops = await gateway.caller(null, ['ops'])
    const order = (body: object, call = ops) =>
      call('/v1/deliveries/resend', {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(body),
      })
    expect(await problemOf(await order({ from: '1' }))).toMatchObject({ code: 'bad-request' })
    expect(await problemOf(await order({ from: '0123456789ab-1', reason: 'x' }))).toMatchObject({
      code: 'feed-renewed',
    })
    const bps = await gateway.caller(null, ['deliveries:read'])
    expect((await order({ from: '1', reason: 'x' }, bps)).status).toBe(403)
    const done = await order({ from: `${await feedEpoch(pool)}-1`, reason: 'pulih' })
    expect([done.status, await done.json()]).toEqual([200, { resent: 1, open: 0, gone: [], next: null }])
    expect(await readAuditOf(pool, 'feed', await feedEpoch(pool))).toMatchObject([
      { action: 'deliveries.resent', actor: ops.id },
    ])
    const { rows } = await pool.query('select resent_by, resent_reason from delivery')
    expect(rows).toMatchObject([{ resent_by: ops.id, resent_reason: expect.not.stringContaining('pulih') }])
    const one = await ops(`/v1/deliveries/${(await pool.query('select id from delivery')).rows[0]?.id}`)
    expect(await one.json()).toMatchObject({ status: 'composed', resends: 1, acknowledged_at: null, kept: true })
  })

  it('is an order of the command line too', async () => {
    await using db = await freshDatabase()
    await using receiver = await freshReceiver()
    await delivered(db.pool, receiver.url, 2)
    const env = { KEYS: JSON.stringify(ring) }
    const run = (...args: string[]) => titian(['deliveries', 'resend', ...args], env, async () => openPool(db.url, 1))
    expect(await run('--from', '2', '--reason', 'pulih')).toMatchObject({
      code: 0,
      out: ['1 are sent again, 0 were open, 0 are gone'],
    })
    expect(await run('--from', 'x', '--reason', 'pulih')).toMatchObject({ code: 1 })
  })
})
