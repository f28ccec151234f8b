import { expect, inject, it } from 'vitest'
import type { BatchView } from '../../src/engine/batch-view.sql.ts'
import { openPool } from '../../src/io/postgres/postgres.ts'
import { ownRegistry } from '../support/fixtures/own-registry.ts'
import { FLAWLESS, judge } from '../support/oracle.ts'
import { until } from '../support/running.ts'
import { startSystem } from '../support/system.ts'
import { carikPayload } from './families.ts'

it('what an agreement keeps no longer is withdrawn once, whichever process dies on the way', {
  timeout: 600_000,
}, async () => {
  await using stack = new AsyncDisposableStack()
  const kept = (text: string) => text.replace(/^agreement:$/m, '$&\n  retention: { carik: 365 }')
  const { folder } = stack.use(await ownRegistry('platforms/carik-jakarta.yaml', kept))
  const system = stack.use(await startSystem({ settings: { TITIAN_REGISTRY: folder } }))
  const pool = openPool(`${inject('postgres').app}${system.database}`, 2)
  stack.defer(() => pool.end())
  const gateway = await system.start('serve')
  await system.start('receiver')
  const worker = await system.start('work')
  const carik = system.as('carik-jakarta')
  stack.defer(() => carik.close())
  const old = await carik.push('carik', 'old', carikPayload(40))
  await carik.settled(old.batch.id)
  await pool.query(`update batch set received_at = now() - interval '400 days' where id = $1`, [old.batch.id])
  // Ten of the families are still stated.
  const again = await carik.push('carik', 'again', carikPayload(10))
  await carik.settled(again.batch.id)
  await Promise.all([system.kill(gateway), system.kill(worker)])

  const withdrawals = () => pool.query<{ batch: string }>('select batch from withdrawal')
  for (const part of ['serve', 'work'] as const) {
    const dying = await system.start(part, { CRASH_AT: 'retention:before-commit:1' })
    await dying.ended
    expect([part, dying.signal()]).toEqual([part, 'SIGKILL'])
    expect((await withdrawals()).rows).toEqual([])
  }
  const restarted = await system.start('serve')
  await until(async () => (await withdrawals()).rows.length > 0, 30)
  for (const point of ['link:before-commit:1', 'forward:after-send:1']) {
    const dying = await system.start('work', { CRASH_AT: point })
    await dying.ended
    expect([point, dying.signal()]).toEqual([point, 'SIGKILL'])
  }
  // Each process that starts looks again: nothing is taken out twice.
  await system.kill(restarted)
  await Promise.all([system.start('work'), system.start('serve')])
  const { rows } = await withdrawals()
  expect(rows).toHaveLength(1)
  const taken = await carik.settled(rows[0]?.batch ?? '')
  expect(taken).toMatchObject({ gap: 0, counts: { received: 30, updated: 30, pending: 0 } })
  const sent = new Map([
    [old.batch.id, 40],
    [again.batch.id, 10],
    [taken.id, 30],
  ])
  expect(await judge(system, sent)).toMatchObject(FLAWLESS)
  for (const id of sent.keys()) expect((await carik.get<BatchView>(`/v1/batches/${id}`)).gap).toBe(0)
  const left = await pool.query<{ n: number }>(
    `select count(*)::integer as n from source_record where subject like 'fam%'`,
  )
  expect(left.rows[0]?.n).toBe(10)
  expect((await withdrawals()).rows).toHaveLength(1)
})
