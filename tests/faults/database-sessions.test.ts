import { randomUUID } from 'node:crypto'
import { describe, expect, inject, it } from 'vitest'
import { withClient } from '../../src/io/postgres/postgres.ts'
import { until } from '../support/running.ts'
import { startSystem } from '../support/system.ts'
import { carikPayload } from './families.ts'

const FAMILIES = 800
const MINUTES = 60_000

describe('a whole Titian', () => {
  it('goes on while sessions are ended in the middle of transactions', { timeout: 3 * MINUTES }, async () => {
    await using system = await startSystem()
    const [gateway, worker] = await Promise.all([system.start('serve'), system.start('work'), system.start('receiver')])
    const platform = system.as('carik-jakarta')
    const pushing = platform.push('carik', randomUUID(), carikPayload(FAMILIES))
    const settling = pushing.then(({ batch }) => platform.settled(batch.id))
    let isOver = false
    void Promise.race([settling, gateway.ended, worker.ended]).then(
      () => (isOver = true),
      () => (isOver = true),
    )
    let ended = 0
    await withClient(`${inject('postgres').admin}postgres`, async (admin) => {
      await until(async () => {
        const { rowCount } = await admin.query(
          `select pg_terminate_backend(pid) from pg_stat_activity
           where datname = $1 and usename = 'titian' and state = 'idle in transaction'`,
          [system.database],
        )
        ended += rowCount ?? 0
        return ended >= 12 || (isOver && ended >= 5)
      }, 120)
    })
    const first = await Promise.race([settling, gateway.ended.then(() => 'gateway'), worker.ended.then(() => 'worker')])
    expect(first).toMatchObject({ state: 'settled', gap: 0 })
  })

  it('works on one connection for each process', { timeout: 3 * MINUTES }, async () => {
    await using system = await startSystem({ settings: { DATABASE_CONNECTIONS: '1' } })
    await Promise.all([system.start('serve'), system.start('work'), system.start('receiver')])
    const platform = system.as('carik-jakarta')
    const payload = carikPayload(FAMILIES)
    const pushed = await Promise.all([1, 2].map(() => platform.push('carik', randomUUID(), payload)))
    for (const { batch } of pushed) expect(await platform.settled(batch.id)).toMatchObject({ state: 'settled', gap: 0 })
  })

  it('gives the same answers whatever the role is set to', { timeout: 3 * MINUTES }, async () => {
    await using system = await startSystem()
    await withClient(`${inject('postgres').admin}postgres`, async (admin) => {
      const scope = `alter role titian in database ${system.database} set`
      await admin.query(`${scope} datestyle to 'SQL, DMY'`)
      await admin.query(`${scope} default_transaction_isolation to 'repeatable read'`)
      await admin.query(`${scope} bytea_output to 'escape'`)
    })
    await Promise.all([system.start('serve'), system.start('work'), system.start('work'), system.start('receiver')])
    const platform = system.as('carik-jakarta')
    const { batch } = await platform.push('carik', randomUUID(), carikPayload(FAMILIES))
    expect(await platform.settled(batch.id)).toMatchObject({ state: 'settled', gap: 0 })
    const { batches } = await platform.get<{ batches: { received_at: string }[] }>('/v1/batches')
    expect(batches[0]?.received_at).toMatch(/^\d{4}-\d\d-\d\dT/)
    const { deliveries } = await system.as('bps').get<{ deliveries: { acknowledged_at: string }[] }>('/v1/deliveries')
    for (const { acknowledged_at } of deliveries) expect(acknowledged_at).toMatch(/^\d{4}-\d\d-\d\dT/)
  })
})
