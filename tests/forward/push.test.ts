import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { decodeReport } from '../../src/domain/report.ts'
import { sql } from '../../src/io/postgres/sql.ts'
import { freshReceiver } from '../receiver/stand-in.ts'
import { freshDatabase } from '../support/database.ts'
import { linkChunk, pushing, workUntilSettled } from './gateway.ts'

/** Every way to fail, and the turns until it settles: a delivery that took effect is found by asking, not sent again. */
const MODES = [
  ['500', 3],
  ['429', 3],
  ['unauthorized', 3],
  ['reject', 3],
  ['reset', 3],
  ['redirect', 3],
  ['html', 3],
  ['202-forever', 3],
  ['drop-after-commit', 2],
  ['slow', 2],
  ['drip', 2],
  ['truncate', 2],
  ['huge', 2],
  ['wrong-id', 2],
  ['wrong-digest', 2],
  ['wrong-counts', 2],
  ['other-receipt', 2],
  ['half-read', 3],
] as const

describe('a receiver that misbehaves twice and then does well', () => {
  let db: Awaited<ReturnType<typeof freshDatabase>>
  let receiver: Awaited<ReturnType<typeof freshReceiver>>
  beforeAll(async () => {
    db = await freshDatabase()
    receiver = await freshReceiver()
  })
  afterAll(async () => {
    await receiver[Symbol.asyncDispose]()
    await db[Symbol.asyncDispose]()
  })

  it.for(MODES)('by %s makes exactly one effect, in %i turns', async ([mode, turns]) => {
    await using worker = pushing(db.pool, receiver.url)
    const before = await receiver.counts()
    const { chunk, delivery, lines } = await linkChunk(db.pool)
    await receiver.misbehave(mode, 2)
    const said = []
    for (let turn: unknown; turn !== 'settled'; ) {
      // How long it pauses is tested with the breaker; here only the effect counts.
      await db.pool.query('delete from destination')
      turn = await worker.work(chunk)
      said.push(turn)
    }
    await receiver.misbehave(mode, 0)
    expect(said).toHaveLength(turns)
    const journal = (await receiver.journal()).filter((line) => line.delivery === delivery)
    expect(journal.map(({ subject, version }) => [subject, version])).toEqual(
      lines.map(({ subject, version }) => [subject, version]),
    )
    const { deliveries, repeats, records } = await receiver.counts()
    expect([deliveries - before.deliveries, repeats - before.repeats, records - before.records]).toEqual([1, 0, 6])
  })
})

it('settles chunk, batch and delivery when the receiver takes all', async () => {
  await using db = await freshDatabase()
  await using receiver = await freshReceiver()
  await using worker = pushing(db.pool, receiver.url)
  const { chunk, composed } = await linkChunk(db.pool)
  expect(await workUntilSettled(worker, chunk)).toEqual(['settled'])
  const { rows } = await db.pool.query(sql`
    select d.state, d.acknowledged_by, d.attempts, d.receipt ->> 'digest' as digest, c.state as chunk
    from delivery d join chunk c on c.id = d.chunk`)
  expect(rows).toEqual([
    { state: 'acknowledged', acknowledged_by: 'push', attempts: 1, digest: composed.manifest.digest, chunk: 'settled' },
  ])
})

it('reports the three refused records of five families, and only these', async () => {
  await using db = await freshDatabase()
  await using receiver = await freshReceiver()
  await using worker = pushing(db.pool, receiver.url)
  const { chunk } = await linkChunk(db.pool, 5)
  await receiver.misbehave('refuse')
  await workUntilSettled(worker, chunk)
  const { rows } = await db.pool.query<{ stage: string; findings: Buffer; counts: object }>(sql`
    select stage, findings, counts from report`)
  expect(rows.map(({ stage, findings, counts }) => [stage, decodeReport(findings), counts])).toEqual([
    [
      'forward',
      [{ line: 2, code: 'receiver-record-invalid', severity: 'warning', path: '' }],
      { 'receiver-record-invalid': 1 },
    ],
  ])
  expect(await receiver.counts()).toMatchObject({ records: 12, refused: 3 })
})

it.for(['forward:before-send', 'forward:after-send'] as const)('survives a worker that dies at %s', async (at) => {
  await using db = await freshDatabase()
  await using receiver = await freshReceiver()
  await using dying = pushing(db.pool, receiver.url, {
    crash: (point) => {
      if (point === at) throw new Error('died here')
    },
  })
  await using worker = pushing(db.pool, receiver.url)
  const { chunk } = await linkChunk(db.pool)
  await expect(dying.work(chunk)).rejects.toThrow('died here')
  await workUntilSettled(worker, chunk)
  expect(await receiver.counts()).toMatchObject({ deliveries: 1, repeats: 0 })
})

it('waits longer after each failure, and never long after a refusal', async () => {
  await using db = await freshDatabase()
  await using receiver = await freshReceiver()
  await using worker = pushing(db.pool, receiver.url)
  const { chunk } = await linkChunk(db.pool)
  await receiver.misbehave('500', 4)
  expect([await worker.work(chunk), await worker.work(chunk), await worker.work(chunk)]).toEqual([1, 2, 4])
  await receiver.misbehave('reject', 1)
  expect(await worker.work(chunk)).toBe(80)
  const fresh = await linkChunk(db.pool)
  await receiver.misbehave('reject', 1)
  expect(await worker.work(fresh.chunk)).toBe(10)
  const { rows } = await db.pool.query('select last_answer from delivery where id = $1', [fresh.delivery])
  expect(rows).toEqual([{ last_answer: 'refused: status-422' }])
})

it('calls nobody and waits for the acknowledgement when BPS pulls', async () => {
  await using db = await freshDatabase()
  await using worker = pushing(db.pool, 'http://127.0.0.1:1', { receiver: undefined })
  const { chunk } = await linkChunk(db.pool)
  expect(await worker.work(chunk)).toBe(3600)
})
