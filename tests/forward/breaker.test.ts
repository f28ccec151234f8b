import { setTimeout as pause } from 'node:timers/promises'
import type { Pool } from 'pg'
import { describe, expect, it } from 'vitest'
import { noteFailure, notePause, noteSuccess, passBreaker } from '../../src/forward/breaker.sql.ts'
import { sql } from '../../src/io/postgres/sql.ts'
import { freshReceiver } from '../receiver/stand-in.ts'
import { freshDatabase } from '../support/database.ts'
import { linkChunk, pushing } from './gateway.ts'

const LIMITS = { failures: 3, openSeconds: 30 }

/** Moves the end of the pause into the past, as time would. */
async function letPausePass(db: Pool): Promise<void> {
  await db.query(sql`update destination set open_until = now() - interval '1 second'`)
}

describe('the breaker', () => {
  it('keeps from a destination that does ill, while another gets its deliveries', async () => {
    await using db = await freshDatabase()
    await using bad = await freshReceiver()
    await using good = await freshReceiver()
    await bad.misbehave('drip', 100)
    // Long enough for five deliveries on a machine that others load.
    await using toBad = pushing(db.pool, bad.url, { deadlineMs: 12_000, breaker: { failures: 1, openSeconds: 30 } })
    await using toGood = pushing(db.pool, good.url)
    const stuck = await linkChunk(db.pool)
    const hanging = toBad.work(stuck.chunk)
    let isOver = false
    void hanging.finally(() => {
      isOver = true
    })
    for (let turn = 0; turn < 5; turn++) expect(await toGood.work((await linkChunk(db.pool)).chunk)).toBe('settled')
    expect(isOver).toBe(false)
    await hanging
    expect(await passBreaker(db.pool, new URL(bad.url).host, LIMITS)).toMatchObject({ is: 'wait' })
    expect(await passBreaker(db.pool, new URL(good.url).host, LIMITS)).toEqual({ is: 'free' })
    expect(await toGood.work((await linkChunk(db.pool)).chunk)).toBe('settled')
    expect((await good.counts()).deliveries).toBe(6)
  })

  it('opens after so many failures in a row, and a success in between starts the count anew', async () => {
    await using db = await freshDatabase()
    const passages = []
    for (const note of [noteFailure, noteFailure, noteSuccess, noteFailure, noteFailure, noteFailure]) {
      await note(db.pool, 'bps', LIMITS)
      passages.push((await passBreaker(db.pool, 'bps', LIMITS)).is)
    }
    expect(passages).toEqual(['free', 'free', 'free', 'free', 'free', 'wait'])
    expect(await passBreaker(db.pool, 'another', LIMITS)).toEqual({ is: 'free' })
  })

  it('gives the one trial after the pause to one of many callers', async () => {
    await using db = await freshDatabase()
    await notePause(db.pool, 'bps', 10)
    await letPausePass(db.pool)
    const passages = await Promise.all(Array.from({ length: 20 }, () => passBreaker(db.pool, 'bps', LIMITS)))
    expect(passages.filter(({ is }) => is === 'trial')).toHaveLength(1)
    expect(passages.filter(({ is }) => is === 'wait')).toHaveLength(19)
  })

  it('opens again when the trial fails and closes when it succeeds', async () => {
    await using db = await freshDatabase()
    for (let i = 0; i < 3; i++) await noteFailure(db.pool, 'bps', LIMITS)
    await letPausePass(db.pool)
    expect(await passBreaker(db.pool, 'bps', LIMITS)).toEqual({ is: 'trial' })
    await noteFailure(db.pool, 'bps', LIMITS)
    expect((await passBreaker(db.pool, 'bps', LIMITS)).is).toBe('wait')
    await letPausePass(db.pool)
    expect(await passBreaker(db.pool, 'bps', LIMITS)).toEqual({ is: 'trial' })
    await noteSuccess(db.pool, 'bps')
    expect(await passBreaker(db.pool, 'bps', LIMITS)).toEqual({ is: 'free' })
  })

  it('does not wait out a pause that a clock which was set back has left far ahead', async () => {
    await using db = await freshDatabase()
    await notePause(db.pool, 'bps', 20)
    await db.pool.query(sql`update destination set open_until = open_until + interval '10 minutes'`)
    expect(await passBreaker(db.pool, 'bps', LIMITS)).toEqual({ is: 'trial' })
    expect((await passBreaker(db.pool, 'bps', LIMITS)).is).toBe('wait')
  })

  it('gives another trial when the first never reports back', async () => {
    await using db = await freshDatabase()
    await notePause(db.pool, 'bps', 10)
    await letPausePass(db.pool)
    expect((await passBreaker(db.pool, 'bps', { ...LIMITS, openSeconds: 0.05 })).is).toBe('trial')
    const deadline = performance.now() + 5000
    let passage = await passBreaker(db.pool, 'bps', LIMITS)
    while (passage.is !== 'trial' && performance.now() < deadline) {
      await pause(10)
      passage = await passBreaker(db.pool, 'bps', LIMITS)
    }
    expect(passage.is).toBe('trial')
  })
})

it('stops calling a receiver that fails, and tries one delivery before it lets the others through', async () => {
  await using db = await freshDatabase()
  await using receiver = await freshReceiver()
  await using worker = pushing(db.pool, receiver.url, { deadlineMs: 10_000, breaker: { failures: 2, openSeconds: 30 } })
  const [one, two] = [await linkChunk(db.pool), await linkChunk(db.pool)]
  await receiver.misbehave('500', 2)
  await worker.work(one.chunk)
  await worker.work(two.chunk)
  const { rows } = await db.pool.query(sql`select sum(attempts)::int as attempts from delivery`)
  expect(await worker.work(one.chunk)).toBeGreaterThan(25)
  // Not even an attempt was counted: nobody was called.
  expect((await db.pool.query(sql`select sum(attempts)::int as attempts from delivery`)).rows).toEqual(rows)
  await letPausePass(db.pool)
  expect(await worker.work(two.chunk)).toBe('settled')
  expect(await worker.work(one.chunk)).toBe('settled')
})

it('obeys Retry-After, but not for longer than two minutes, and asks the other deliveries to wait too', async () => {
  await using db = await freshDatabase()
  await using receiver = await freshReceiver()
  await using worker = pushing(db.pool, receiver.url)
  const [one, two] = [await linkChunk(db.pool), await linkChunk(db.pool)]
  await receiver.misbehave('429')
  expect(await worker.work(one.chunk)).toBe(120)
  expect(await worker.work(two.chunk)).toBeGreaterThan(110)
  expect(await receiver.counts()).toMatchObject({ deliveries: 0 })
})

it('leaves the breaker alone when the receiver refuses one delivery', async () => {
  await using db = await freshDatabase()
  await using receiver = await freshReceiver()
  await using worker = pushing(db.pool, receiver.url, { breaker: { failures: 1, openSeconds: 30 } })
  const [one, two] = [await linkChunk(db.pool), await linkChunk(db.pool)]
  await receiver.misbehave('reject')
  expect(await worker.work(one.chunk)).toBe(10)
  expect(await worker.work(two.chunk)).toBe('settled')
})
