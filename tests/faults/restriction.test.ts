import { expect, inject, it } from 'vitest'
import { families } from '../../bench/families.ts'
import type { BatchView } from '../../src/engine/batch-view.sql.ts'
import { openPool } from '../../src/io/postgres/postgres.ts'
import { FLAWLESS, judge } from '../support/oracle.ts'
import { until } from '../support/running.ts'
import { startSystem } from '../support/system.ts'
import { payloadOf } from './families.ts'

type Restriction = { id: string; state: string; batches: string[] }
type JournalLine = { subject: string; kind?: string; version: number }

it('a restriction holds and is lifted, whichever process dies on the way, and nothing is lost', {
  timeout: 600_000,
}, async () => {
  await using system = await startSystem()
  const pool = openPool(`${inject('postgres').app}${system.database}`, 2)
  await using _pool = { [Symbol.asyncDispose]: () => pool.end() }
  let gateway = await system.start('serve')
  await system.start('receiver')
  let worker = await system.start('work')
  const carik = system.as('carik-jakarta')
  const { batch } = await carik.push('carik', 'once', payloadOf([...families(40, 1)]))
  await carik.settled(batch.id)
  const sent = new Map([[batch.id, 40]])
  const { rows } = await pool.query<{ subject: string }>(
    `select subject from source_record where subject like 'per%' order by key_index limit 1`,
  )
  const person = rows[0]?.subject ?? ''
  const [first, second] = [system.as('wali-1'), system.as('wali-2')]
  const told = async () => {
    const { url, token } = system.receiver
    const answer = await fetch(`${url}/v1/journal`, { headers: { authorization: `Bearer ${token}` } })
    const lines = (await answer.text()).split('\n').filter(Boolean)
    const own = lines.map((line) => JSON.parse(line) as JournalLine).filter(({ subject }) => subject === person)
    return own.sort((a, b) => a.version - b.version).map(({ kind }) => kind ?? 'golden')
  }
  /** Confirms while the gateway dies before the commit, and lets two workers die while BPS is to be told. */
  const confirmed = async (id: string, by: typeof first): Promise<Restriction> => {
    await Promise.all([system.kill(gateway), system.kill(worker)])
    gateway = await system.start('serve', { CRASH_AT: 'restriction:before-commit:1' })
    const confirming = by.post<Restriction>(`/v1/restrictions/${id}/confirm`)
    await gateway.ended
    expect(gateway.signal()).toBe('SIGKILL')
    gateway = await system.start('serve')
    const done = await confirming
    for (const point of ['link:before-commit:1', 'forward:after-send:1']) {
      const dying = await system.start('work', { CRASH_AT: point })
      await dying.ended
      expect(dying.signal(), point).toBe('SIGKILL')
    }
    worker = await system.start('work')
    for (const own of done.batches) {
      await first.settled(own)
      sent.set(own, (await first.get<BatchView>(`/v1/batches/${own}`)).counts.received)
    }
    return done
  }

  const asked = await first.post<Restriction>(`/v1/subjects/${person}/restriction`, { reason: 'permintaan sendiri' })
  expect((await confirmed(asked.id, second)).state).toBe('held')
  expect(await told()).toEqual(['golden', 'restricted'])
  // What comes meanwhile is counted and kept.
  const other = await carik.push('carik', 'meanwhile', payloadOf([...families(40, 2)]))
  expect(await carik.settled(other.batch.id)).toMatchObject({ gap: 0 })
  sent.set(other.batch.id, 40)
  expect(new Set((await told()).slice(1))).toEqual(new Set(['restricted']))
  await until(async () => (await judge(system, sent, 'wali-1')).lost === 0, 30)
  expect(await judge(system, sent, 'wali-1')).toMatchObject(FLAWLESS)

  await second.post(`/v1/restrictions/${asked.id}/lift`, { reason: 'sudah jelas' })
  expect((await confirmed(asked.id, first)).state).toBe('lifted')
  expect((await told()).at(-1)).toBe('golden')
  expect(await judge(system, sent, 'wali-1')).toMatchObject(FLAWLESS)
  await Promise.all([carik.close(), first.close(), second.close()])
})
