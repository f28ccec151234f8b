import { expect, inject, it } from 'vitest'
import { families } from '../../bench/families.ts'
import type { BatchView } from '../../src/engine/batch-view.sql.ts'
import { openPool, withClient } from '../../src/io/postgres/postgres.ts'
import { readSize } from '../../src/link/subjects/size.sql.ts'
import { ownRegistry } from '../support/fixtures/own-registry.ts'
import { FLAWLESS, judge } from '../support/oracle.ts'
import { until } from '../support/running.ts'
import { startSystem } from '../support/system.ts'
import { payloadOf } from './families.ts'

const FAMILIES = 40

it('doubts are judged again once as the registry grows, whichever process dies on the way', {
  timeout: 600_000,
}, async () => {
  await using stack = new AsyncDisposableStack()
  // Nobody is surely one person, and forty families are many.
  const unsure = (text: string) => {
    const model = JSON.parse(text)
    return JSON.stringify({ ...model, records: 2, thresholds: { ...model.thresholds, same: 500 } })
  }
  const { folder } = stack.use(await ownRegistry('linkage/model.json', unsure))
  const system = stack.use(await startSystem({ settings: { TITIAN_REGISTRY: folder } }))
  const { app, owner } = inject('postgres')
  const pool = openPool(`${app}${system.database}`, 2)
  stack.defer(() => pool.end())
  const gateway = await system.start('serve')
  await system.start('receiver')
  const worker = await system.start('work')
  const carik = system.as('carik-jakarta')
  stack.defer(() => carik.close())
  const sent = new Map<string, number>()
  const lines = [...families(FAMILIES, 1)]
  for (const [key, own] of [
    ['first', lines],
    ['second', lines.map((line) => line.replaceAll('KLG-', 'KLX-').replaceAll('IDV-', 'IDX-'))],
  ] as const) {
    const { batch } = await carik.push('carik', key, payloadOf([...own]))
    await carik.settled(batch.id)
    sent.set(batch.id, FAMILIES)
  }
  const asked = async () => (await pool.query(`select from review where state = 'open'`)).rowCount
  const before = await asked()
  expect(before).toBeGreaterThan(FAMILIES)
  await Promise.all([system.kill(worker), system.kill(gateway)])
  await pool.query('update subjects_state set records = 0')
  await withClient(`${owner}${system.database}`, (client) => client.query('analyze source_record'))

  // Whoever starts looks at once.
  const judging = async () => (await pool.query<{ id: string }>(`select id from batch where kind = 'relink'`)).rows
  for (const part of ['serve', 'work'] as const) {
    const dying = await system.start(part, { CRASH_AT: 'registry-size:before-commit:1' })
    await dying.ended
    expect([dying.signal(), await readSize(pool), await judging()]).toEqual(['SIGKILL', 0, []])
  }
  await system.start('serve')
  await until(async () => (await judging()).length > 0, 30)
  const dying = await system.start('work', { CRASH_AT: 'link:before-commit:1' })
  await dying.ended
  await system.start('work')
  const own = await judging()
  expect([own.length, await readSize(pool)]).toEqual([1, 256])
  const ops = system.as('ops')
  stack.defer(() => ops.close())
  const told = await ops.settled(own[0]?.id ?? '')
  sent.set(told.id, (await ops.get<BatchView>(`/v1/batches/${told.id}`)).counts.received)
  // All of them share a NIK, which no size explains.
  expect([told.gap, await asked()]).toEqual([0, before])
  expect(await judge(system, sent, 'ops')).toMatchObject(FLAWLESS)
})
