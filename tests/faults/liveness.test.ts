import { randomUUID } from 'node:crypto'
import { expect, inject, it } from 'vitest'
import { freePort } from '../../src/io/local/port.ts'
import { withClient } from '../../src/io/postgres/postgres.ts'
import { until } from '../support/running.ts'
import { startSystem } from '../support/system.ts'
import { carikPayload } from './families.ts'

const QUEUES = ['clean', 'link', 'forward', 'results'].flatMap((stage) => [`${stage} usual`, `${stage} short`]).sort()

async function ask(port: number, path: string): Promise<{ status: number; text: string }> {
  const answer = await fetch(`http://127.0.0.1:${port}${path}`)
  return { status: answer.status, text: await answer.text() }
}

it.each([{ redis: false }, { redis: true }])(
  'tells that every queue is answered, and which worker is stuck, which ends and is replaced (Redis: $redis)',
  { timeout: 600_000 },
  async ({ redis }) => {
    await using system = await startSystem({ redis })
    const port = await freePort()
    const strict = { METRICS_PORT: String(port), STUCK_SECONDS: '3', BUSY_SECONDS: '20' }
    await Promise.all([system.start('serve'), system.start('receiver')])
    const worker = await system.start('work', strict)
    await withClient(`${inject('postgres').admin}${system.database}`, async (admin) => {
      const answered = async () =>
        (await admin.query("select stage || ' ' || lane as queue from canary where sent_at is null")).rows
          .map(({ queue }) => queue as string)
          .sort()
      await until(async () => (await answered()).length === QUEUES.length, 60)
      expect(await answered()).toEqual(QUEUES)
      const well = await ask(port, '/readyz')
      expect(well).toMatchObject({ status: 200, text: expect.stringMatching(/^ready\n/) })
      expect(well.text).toMatch(/link short: nothing in hand, last ended \d+ s ago/)

      // Somebody's session keeps the lock over the subjects: the loop of the worker turns, and the stage stands still.
      await admin.query('begin')
      await admin.query("select pg_advisory_xact_lock(hashtext('titian link'))")
      await until(async () => (await ask(port, '/livez')).status === 503, 60)
      expect((await ask(port, '/livez')).text).toMatch(/^link (usual|short) has been at one thing for \d+ s\n/)
      expect((await ask(port, '/readyz')).status).toBe(503)
      expect((await fetch(`${system.url}/livez`)).status).toBe(200)
      await worker.ended
      expect(worker.signal()).toBe('SIGKILL')
      await admin.query('rollback')

      const platform = system.as('carik-jakarta')
      const { batch } = await platform.push('carik', randomUUID(), carikPayload(5))
      await system.start('work')
      expect(await platform.settled(batch.id)).toMatchObject({ state: 'settled', gap: 0 })
      await platform.close()
      await until(async () => (await answered()).length === QUEUES.length, 60)
      const old = await admin.query("select from canary where passed_at < now() - interval '1 minute'")
      expect(old.rowCount).toBe(0)
    })
  },
)
