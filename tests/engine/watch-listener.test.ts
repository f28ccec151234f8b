import { describe, expect, it } from 'vitest'
import { isDispatchUnclaimed } from '../../src/engine/chunk.sql.ts'
import { dispatchDue } from '../../src/engine/dispatch.db.ts'
import { keepListening } from '../../src/engine/watch-listener.ts'
import type { Listener } from '../../src/io/queue.ts'
import { receiveBatch } from '../support/batches.ts'
import { freshDatabase } from '../support/database.ts'
import { runnerDeps, until } from '../support/running.ts'

const STAGE = { name: 'clean', from: 'received' } as const

describe('a listener', () => {
  it('is opened anew when it has gone deaf while dispatches stay unheard', async () => {
    await using db = await freshDatabase()
    await using deps = runnerDeps(db)
    const first = await receiveBatch(db.pool)
    const received: string[] = []
    const opened: Listener[] = []
    const open = () => {
      const answer = async ({ chunk }: { chunk: string }) => {
        received.push(chunk)
        // The next one is its platform's only one again.
        await db.pool.query('delete from chunk where id = $1', [chunk])
      }
      const listener = deps.queue.work('clean', 1, answer, 'short')
      opened.push(listener)
      return listener
    }
    const listener = keepListening(STAGE, { ...deps, seconds: 2 }, open)
    await dispatchDue(db.pool, deps.queue, { window: 8 })
    await until(() => received.length === 1)
    await opened[0]?.close()
    const second = await receiveBatch(db.pool)
    await dispatchDue(db.pool, deps.queue, { window: 8 })
    await until(() => received.length === 2)
    expect([received, opened.length, listener.received()]).toEqual([[first.chunk, second.chunk], 2, 2])
    await listener.close()
  })

  it.each([
    ['a dispatch that nobody answered', "dispatched_at = now() - interval '2 seconds'", true],
    ['a dispatch of this moment', 'dispatched_at = now()', false],
    [
      'a chunk that is being worked',
      "dispatched_at = now() - interval '2 seconds', lease_until = now() + interval '1 hour'",
      false,
    ],
    ['a chunk that was not dispatched', 'dispatched_at = null', false],
    ['a dispatch for another stage', "dispatched_at = now() - interval '2 seconds', state = 'clean'", false],
  ])('counts %s as unheard or not', async (_name, assignment, unheard) => {
    await using db = await freshDatabase()
    await receiveBatch(db.pool)
    await db.pool.query(`update chunk set ${assignment}`)
    expect(await isDispatchUnclaimed(db.pool, 'received', 1)).toBe(unheard)
  })
})
