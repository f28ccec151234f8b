import { describe, expect, it } from 'vitest'
import { notePause } from '../../../src/forward/breaker.sql.ts'
import { noteAnswer } from '../../../src/forward/delivery.sql.ts'
import { openPool } from '../../../src/io/postgres/postgres.ts'
import { readAuditOf } from '../../../src/trust/audit/audit.sql.ts'
import { openGateway } from '../../flows/gateway.ts'
import { titian } from '../../support/command.ts'
import { freshDatabase } from '../../support/database.ts'
import { linkChunk } from '../gateway.ts'

describe('an open delivery', () => {
  it('is shown to the ops team with what the receiver said last, and tried again when they ask', async () => {
    await using gateway = await openGateway()
    const { pool } = gateway.db
    const { delivery, chunk } = await linkChunk(pool)
    await noteAnswer(pool, delivery, 'refused: status-422')
    await notePause(pool, 'bps', 100)
    await pool.query("update chunk set due_at = now() + interval '5 minutes'")
    const ops = await gateway.caller(null, ['ops'])
    const open = async () =>
      (await (await ops('/v1/deliveries/open')).json()) as { deliveries: { next_try_at: string }[] }
    const before = await open()
    expect(before).toMatchObject({
      open: 1,
      paused_until: expect.any(String),
      deliveries: [{ delivery, platform: 'carik-jakarta', attempts: 0, last_answer: 'refused: status-422' }],
    })
    expect(Date.parse(before.deliveries[0]?.next_try_at ?? '')).toBeGreaterThan(Date.now() + 200_000)
    const retried = await ops(`/v1/deliveries/${delivery}/retry`, { method: 'POST' })
    expect([retried.status, await retried.json()]).toEqual([200, { delivery, retry: 'due' }])
    expect(await open()).toMatchObject({ open: 1, paused_until: null })
    const { rows } = await pool.query('select due_at <= now() as due from chunk where id = $1', [chunk])
    expect(rows).toEqual([{ due: true }])
    expect(await readAuditOf(pool, 'delivery', delivery)).toMatchObject([{ action: 'delivery.retried', actor: ops.id }])
  })

  it('is nobody else’s business, and one that is not there is not found', async () => {
    await using gateway = await openGateway()
    const platform = await gateway.caller('utara')
    const ops = await gateway.caller(null, ['ops'])
    expect((await platform('/v1/deliveries/open')).status).toBe(403)
    expect((await platform('/v1/deliveries/dlv_x/retry', { method: 'POST' })).status).toBe(403)
    expect((await ops(`/v1/deliveries/dlv_${'0'.repeat(26)}/retry`, { method: 'POST' })).status).toBe(404)
  })

  it('is listed and retried on the command line', async () => {
    await using db = await freshDatabase()
    const { delivery } = await linkChunk(db.pool)
    const acknowledged = await linkChunk(db.pool)
    await db.pool.query("update delivery set state = 'acknowledged' where id = $1", [acknowledged.delivery])
    await noteAnswer(db.pool, delivery, 'busy for 99999 s')
    const run = (args: string[]) => titian(['deliveries', ...args], {}, async () => openPool(db.url, 1))
    const listed = await run(['list'])
    expect(listed.out).toEqual([
      expect.stringMatching(/^ {2}delivery +platform +records +status +attempts +last answer +next try$/),
      expect.stringMatching(RegExp(`^ {2}${delivery} .* busy for 99999 s +20`)),
    ])
    expect(listed.err).toEqual(['1 open', expect.stringMatching(`^Next: titian deliveries retry ${delivery} `)])
    expect((await run([])).out).toEqual(listed.out)
    expect(JSON.parse((await run(['--json'])).out[0] ?? '')).toMatchObject({ id: delivery })
    expect((await run(['retry', delivery, acknowledged.delivery])).out).toEqual([
      `${delivery}\tdue`,
      `${acknowledged.delivery}\tacknowledged`,
    ])
    expect(await run(['retry', 'dlv_none'])).toMatchObject({ code: 1, err: ['titian: there is no delivery dlv_none'] })
  })
})
