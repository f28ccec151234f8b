import { expect, inject, it } from 'vitest'
import { families } from '../../bench/families.ts'
import type { BatchView } from '../../src/engine/batch-view.sql.ts'
import { openPool } from '../../src/io/postgres/postgres.ts'
import { FLAWLESS, judge } from '../support/oracle.ts'
import { until } from '../support/running.ts'
import { startSystem } from '../support/system.ts'
import { payloadOf } from './families.ts'

const withLongerNames = (line: string) => line.replaceAll(/"nama":"([^"]+)"/g, '"nama":"$1 SARI"')

type Correction = { id: string; state: string; tasks: { state: string }[] }

it('corrections are asked of the source and closed by what it sends, whichever process dies on the way', {
  timeout: 600_000,
}, async () => {
  await using system = await startSystem()
  const pool = openPool(`${inject('postgres').app}${system.database}`, 2)
  await using _pool = { [Symbol.asyncDispose]: () => pool.end() }
  let gateway = await system.start('serve')
  await system.start('receiver')
  const worker = await system.start('work')
  const [carik, first, second] = [system.as('carik-jakarta'), system.as('wali-1'), system.as('wali-2')]
  const lines = [...families(20, 1)]
  const { batch } = await carik.push('carik', 'once', payloadOf(lines))
  await carik.settled(batch.id)
  const people = await pool.query<{ subject: string }>(
    `select subject from source_record where subject like 'per%' order by key_index limit 3`,
  )
  const body = { reason: 'surat', fields: ['nama'], statement: 'nama saya lain' }
  const asked: string[] = []
  for (const { subject } of people.rows)
    asked.push((await first.post<Correction>(`/v1/subjects/${subject}/correction`, body)).id)
  const count = async (statement: string) => (await pool.query<{ n: number }>(statement)).rows[0]?.n
  const tasks = (state: string) =>
    count(
      `select count(*)::integer as n from correction_task where state = '${state}' and (said is null) = (state <> 'open')`,
    )
  const told = () => count(`select count(*)::integer as n from event where type = 'correction.asked'`)

  // The gateway dies when all is written and nothing is committed: the source was asked nothing.
  await system.kill(gateway)
  gateway = await system.start('serve', { CRASH_AT: 'correction:before-confirm:1' })
  const confirmed = second.post<Correction>(`/v1/correction-requests/${asked[0]}/confirm`)
  await gateway.ended
  expect(gateway.signal()).toBe('SIGKILL')
  expect([await tasks('open'), await told()]).toEqual([0, 0])
  gateway = await system.start('serve')
  expect(await confirmed).toMatchObject({ state: 'open', tasks: [{ state: 'open' }] })
  for (const id of asked.slice(1)) await second.post(`/v1/correction-requests/${id}/confirm`)
  expect([await tasks('open'), await told()]).toEqual([3, 3])

  // The source sends longer names while nobody can close a task.
  const holding = await pool.connect()
  await holding.query('begin; select from correction_task for update')
  const other = await carik.push('carik', 'again', payloadOf(lines.map(withLongerNames)))
  await carik.settled(other.batch.id)
  await Promise.all([system.kill(gateway), system.kill(worker)])
  await holding.query('rollback')
  holding.release()

  for (const part of ['serve', 'work'] as const) {
    const dying = await system.start(part, { CRASH_AT: 'correction:before-commit:1' })
    await dying.ended
    expect([part, dying.signal()]).toEqual([part, 'SIGKILL'])
    expect([await tasks('open'), await tasks('corrected')]).toEqual([3, 0])
  }
  await Promise.all([system.start('serve'), system.start('work')])
  await until(async () => (await tasks('corrected')) === 3, 30)
  for (const id of asked)
    expect(await first.get<Correction>(`/v1/correction-requests/${id}`)).toMatchObject({
      state: 'done',
      tasks: [{ state: 'corrected' }],
    })
  const closings = `select count(*)::integer as n from audit where action = 'correction.closed'`
  expect([await told(), await count(closings)]).toEqual([3, 3])
  const sent = new Map([batch.id, other.batch.id].map((id) => [id, 20]))
  expect(await judge(system, sent)).toMatchObject(FLAWLESS)
  for (const id of sent.keys()) expect((await carik.get<BatchView>(`/v1/batches/${id}`)).gap).toBe(0)
  await Promise.all([carik.close(), first.close(), second.close()])
})
