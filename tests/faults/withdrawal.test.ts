import { describe, expect, it } from 'vitest'
import type { BatchView } from '../../src/engine/batch-view.sql.ts'
import { FLAWLESS, judge } from '../support/oracle.ts'
import { type System, startSystem } from '../support/system.ts'
import { carikPayload } from './families.ts'

type Answer = { batch: BatchView }

/** How many subjects the receiver holds by now. */
async function held({ receiver }: System): Promise<{ keluarga: number; individu: number }> {
  const answer = await fetch(`${receiver.url}/v1/counts`, { headers: { authorization: `Bearer ${receiver.token}` } })
  return ((await answer.json()) as { subjects: { keluarga: number; individu: number } }).subjects
}

describe('a withdrawal', () => {
  it('takes every record away once, whichever process dies at whichever point', async () => {
    await using system = await startSystem()
    await using stack = new AsyncDisposableStack()
    let gateway = await system.start('serve')
    await system.start('receiver')
    const worker = await system.start('work')
    const carik = system.as('carik-jakarta')
    stack.defer(() => carik.close())
    const { batch } = await carik.push('carik', 'once', carikPayload(100))
    await carik.settled(batch.id)
    await Promise.all([system.kill(worker), system.kill(gateway)])

    gateway = await system.start('serve', { CRASH_AT: 'withdraw:before-commit:1' })
    const asked = carik.post<Answer>(`/v1/batches/${batch.id}/withdraw`, { reason: 'mistaken' })
    await gateway.ended
    expect(gateway.signal()).toBe('SIGKILL')
    await system.start('serve')
    const { batch: withdrawal } = await asked
    expect(withdrawal.counts).toMatchObject({ received: 100, pending: 100 })
    for (const point of ['link:worked', 'link:before-commit', 'link:after-commit', 'forward:after-send']) {
      const doomed = await system.start('work', { CRASH_AT: `${point}:1` })
      await doomed.ended
      expect([point, doomed.signal()]).toEqual([point, 'SIGKILL'])
    }
    await system.start('work')
    expect((await carik.settled(withdrawal.id)).counts).toMatchObject({ updated: 100, pending: 0 })
    const sent = new Map([
      [batch.id, 100],
      [withdrawal.id, 100],
    ])
    expect(await judge(system, sent)).toMatchObject(FLAWLESS)
    expect(await held(system)).toEqual({ keluarga: 0, individu: 0 })
    const again = await carik.post<Answer>(`/v1/batches/${batch.id}/withdraw`, { reason: 'mistaken' })
    expect(again.batch.id).toBe(withdrawal.id)
  }, 600_000)
})

describe('an abort', () => {
  it('is finished by whoever is left when its gateway dies half way', async () => {
    await using system = await startSystem()
    await using stack = new AsyncDisposableStack()
    const gateway = await system.start('serve', { CRASH_AT: 'abort:before-commit:3' })
    await system.start('receiver')
    const carik = system.as('carik-jakarta')
    stack.defer(() => carik.close())
    const { batch } = await carik.push('carik', 'once', carikPayload(200))
    const order = carik.post<BatchView>(`/v1/batches/${batch.id}/abort`)
    await gateway.ended
    expect(gateway.signal()).toBe('SIGKILL')
    await system.start('serve')
    expect((await order).counts).toMatchObject({ rejected: 200, pending: 0 })
    expect(await carik.settled(batch.id)).toMatchObject({ gap: 0, aborted_at: expect.any(String) })
    expect(await judge(system, new Map([[batch.id, 200]]))).toMatchObject(FLAWLESS)
  }, 600_000)
})

describe('a snapshot', () => {
  it('withdraws what is absent once, though the process dies that concludes from it', async () => {
    await using system = await startSystem()
    await using stack = new AsyncDisposableStack()
    const crash = { CRASH_AT: 'snapshot:before-commit:1' }
    const gateway = await system.start('serve', crash)
    await system.start('receiver')
    const worker = await system.start('work', crash)
    const carik = system.as('carik-jakarta')
    stack.defer(() => carik.close())
    const { batch } = await carik.push('carik', 'all', carikPayload(100))
    await carik.settled(batch.id)
    const whole = await held(system)
    const fewer = await carik.push('carik', 'fewer', carikPayload(95), { isSnapshot: true })
    await Promise.race([gateway.ended, worker.ended])
    const [dead, alive] = gateway.signal() === 'SIGKILL' ? [gateway, worker] : [worker, gateway]
    expect(dead.signal()).toBe('SIGKILL')
    await system.kill(alive)
    await Promise.all([system.start('serve'), system.start('work')])
    let view = await carik.get<BatchView>(`/v1/batches/${fewer.batch.id}`)
    while (view.snapshot?.state === 'open') view = await carik.get<BatchView>(`/v1/batches/${fewer.batch.id}`)
    expect(view.snapshot).toMatchObject({ state: 'withdrawn' })
    const { batches } = await carik.get<{ batches: BatchView[] }>('/v1/batches')
    const withdrawals = batches.filter(({ kind }) => kind === 'withdrawal')
    expect(withdrawals).toHaveLength(1)
    const settled = await carik.settled(withdrawals[0]?.id ?? '')
    expect(settled.counts).toMatchObject({ received: 5, updated: 5 })
    const sent = new Map([
      [batch.id, 100],
      [fewer.batch.id, 95],
      [settled.id, 5],
    ])
    expect(await judge(system, sent)).toMatchObject(FLAWLESS)
    expect((await held(system)).keluarga).toBe(whole.keluarga - 5)
  }, 600_000)
})
