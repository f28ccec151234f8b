import { describe, expect, it } from 'vitest'
import { type Heard, openListener, verified } from '../notify/listener.ts'
import { until } from '../support/running.ts'
import { startSystem } from '../support/system.ts'
import { carikPayload } from './families.ts'

const POINTS = ['notify:claimed', 'notify:sent', 'notify:before-commit', 'notify:committed']
const NETWORKS = { WEBHOOK_NETWORKS: '127.0.0.0/8', WEBHOOK_SECONDS: '2' }

type Shown = { due: number; failed: number; state: string; secret: string }
type Message = { type: string; data: { batch: string; received: number; new: number } }

const read = ({ body }: Heard) => JSON.parse(body) as Message

describe('a worker that dies while it sends webhooks', () => {
  it('tells of every batch at least once, under one id, whatever point it died at', async () => {
    await using listener = await openListener()
    await using system = await startSystem({ settings: NETWORKS })
    await system.start('serve')
    await system.start('receiver')
    const gateway = system.as('carik-jakarta')
    const { secret } = await gateway.put<Shown>('/v1/webhooks/utama', { url: listener.url, events: ['batch.settled'] })
    const batches: string[] = []
    for (const point of POINTS) {
      const doomed = await system.start('work', { CRASH_AT: `${point}:1` })
      const { batch } = await gateway.push('carik', point.replace(':', '-'), carikPayload(30))
      batches.push(batch.id)
      await doomed.ended
      expect([point, doomed.signal()]).toEqual([point, 'SIGKILL'])
    }
    await system.start('work')
    for (const batch of batches) await gateway.settled(batch)
    // The lease of a message that was under way ends after half a minute.
    await until(async () => (await gateway.get<Shown>('/v1/webhooks/utama')).due === 0, 120)
    const ids = new Map<string, Set<string>>()
    for (const heard of listener.heard) {
      verified(secret, heard)
      const { data } = read(heard)
      ids.set(data.batch, (ids.get(data.batch) ?? new Set()).add(heard.id))
    }
    expect([...ids.keys()].sort()).toEqual(batches.toSorted())
    expect([...ids.values()].map(({ size }) => size)).toEqual(batches.map(() => 1))
    // Of the four deaths two came after the message was out and before it was noted.
    expect(listener.heard).toHaveLength(batches.length + 2)
    await gateway.close()
  }, 600_000)

  it('leaves what it had in hand to the next one when it is stopped, and a listener that was away gets all', async () => {
    await using listener = await openListener((response) => response.destroy())
    await using system = await startSystem({ settings: NETWORKS })
    await system.start('serve')
    await system.start('receiver')
    const first = await system.start('work')
    const gateway = system.as('carik-jakarta')
    await gateway.put('/v1/webhooks/utama', { url: listener.url, events: ['batch.settled'] })
    const { batch } = await gateway.push('carik', 'once', carikPayload(30))
    await gateway.settled(batch.id)
    await until(() => listener.heard.length > 0, 60)
    await first.stop()
    listener.answer(204)
    await system.start('work')
    await until(async () => (await gateway.get<Shown>('/v1/webhooks/utama')).due === 0, 60)
    expect(new Set(listener.heard.map(({ id }) => id)).size).toBe(1)
    await gateway.close()
  }, 600_000)
})
