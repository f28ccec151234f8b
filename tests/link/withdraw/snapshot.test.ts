import type { Pool } from 'pg'
import { describe, expect, it } from 'vitest'
import type { CleanEntry } from '../../../src/domain/entry.ts'
import type { BatchId } from '../../../src/domain/ids.ts'
import { viewBatch } from '../../../src/engine/batch-view.sql.ts'
import { sql } from '../../../src/io/postgres/sql.ts'
import { decideHeldSnapshot, finishSnapshots } from '../../../src/link/withdraw/snapshot.db.ts'
import { freshDatabase } from '../../support/database.ts'
import { entry, family, findingsOf, link, openBatch, outcomesOf, person, push, submit, vault } from '../support.ts'
import { countRows, linkWithdrawal, withdraw, withdrawnOf } from './support.ts'

const HOUSEHOLD = { household: { scheme: 'carik', key: 'F' } }
const NAMES = ['ADI', 'BAYU', 'CITRA', 'DEWI', 'EKO', 'FITRI', 'GALUH', 'HENDRA', 'INTAN', 'JOKO']

/** People under keys of their own, from line 1. */
const people = (...names: string[]): CleanEntry[] =>
  names.map((nama, at) =>
    entry(at + 1, nama, person(nama, { nama, tanggal_lahir: `198${at % 10}-01-0${1 + (at % 9)}` })),
  )

/** A snapshot whose chunk waits to be linked. */
async function snapshot(db: Pool, entries: CleanEntry[]) {
  const batch = await openBatch(db)
  await db.query(sql`update batch set snapshot = 'open', received = ${entries.length} where id = ${batch}`)
  return { ...(await submit(db, entries, { batch })), isSnapshot: true }
}

const finish = (db: Pool, percent = 50) => finishSnapshots(db, { mostAbsent: () => percent, crash: () => undefined })
const progressOf = async (db: Pool, batch: BatchId) => (await viewBatch(db, batch, null))?.snapshot

/** The withdrawal that a snapshot made. */
async function withdrawalOf(db: Pool, about: BatchId): Promise<BatchId | undefined> {
  const { rows } = await db.query<{ batch: BatchId }>(sql`select batch from withdrawal where about = ${about}`)
  return rows[0]?.batch
}

async function keysLeft(db: Pool): Promise<number> {
  return countRows(db, 'source_record')
}

describe('a snapshot', () => {
  it('withdraws what it does not hold, once all of it is linked', async () => {
    await using db = await freshDatabase()
    await push(db.pool, people('ADI', 'BAYU', 'CITRA'))
    const chunk = await snapshot(db.pool, people('ADI', 'BAYU'))
    expect(await finish(db.pool)).toBe(0)
    await link(db.pool, chunk)
    expect(await finish(db.pool)).toBe(1)
    expect(await progressOf(db.pool, chunk.batch)).toEqual({ state: 'withdrawn', absent: 1, standing: 3 })
    const batch = (await withdrawalOf(db.pool, chunk.batch)) as BatchId
    const { lines } = await linkWithdrawal(db.pool, batch)
    expect(withdrawnOf(lines)).toMatchObject([{ level: 'individu', reason: 'absent', entries: [[batch, 1]] }])
    expect([await keysLeft(db.pool), await countRows(db.pool, 'snapshot_key'), await finish(db.pool)]).toEqual([
      2, 0, 0,
    ])
  })

  it('withdraws a member that its family does not hold any more', async () => {
    await using db = await freshDatabase()
    const members = ['A', 'B'].map((key, at) =>
      person(key, { nama: NAMES[at] ?? '' }, { path: `/anggota/${at}`, ...HOUSEHOLD }),
    )
    const [a] = members
    await push(db.pool, [entry(1, 'F', family('F', {}, HOUSEHOLD), ...members)])
    const chunk = await snapshot(db.pool, [entry(1, 'F', family('F', {}, HOUSEHOLD), ...(a ? [a] : []))])
    await link(db.pool, chunk)
    await finish(db.pool)
    const { lines } = await linkWithdrawal(db.pool, (await withdrawalOf(db.pool, chunk.batch)) as BatchId)
    expect(lines).toMatchObject([{ kind: 'withdrawn', level: 'individu' }])
    expect(await keysLeft(db.pool)).toBe(2)
  })

  it('keeps what it holds but cannot be read: held and rejected entries with a key', async () => {
    await using db = await freshDatabase()
    await push(db.pool, people('ADI', 'BAYU', 'CITRA'))
    const chunk = await snapshot(db.pool, [
      { line: 1, key: 'ADI', verdict: 'held', findings: [], records: [] },
      { line: 2, key: 'BAYU', verdict: 'rejected', findings: [], records: [] },
      ...people('X', 'Y', 'CITRA').slice(2),
    ])
    await link(db.pool, chunk)
    await finish(db.pool)
    expect(await progressOf(db.pool, chunk.batch)).toEqual({ state: 'withdrawn', absent: 0, standing: 3 })
    expect(await withdrawalOf(db.pool, chunk.batch)).toBeUndefined()
  })

  it('leaves records of other datasets and platforms alone', async () => {
    await using db = await freshDatabase()
    await push(db.pool, people('ADI', 'BAYU'))
    await push(db.pool, people('CITRA'), { dataset: 'dtks-individu' })
    await push(db.pool, people('DEWI'), { platform: 'sumedang' })
    const chunk = await snapshot(db.pool, people('ADI'))
    await link(db.pool, chunk)
    await finish(db.pool)
    expect(await progressOf(db.pool, chunk.batch)).toEqual({ state: 'withdrawn', absent: 1, standing: 2 })
  })
})

describe('a shrunken snapshot', () => {
  it('is held, withdraws nothing, and says what to do', async () => {
    await using db = await freshDatabase()
    await push(db.pool, people(...NAMES))
    const chunk = await snapshot(db.pool, people(...NAMES.slice(0, 8)))
    await link(db.pool, chunk)
    await finish(db.pool, 10)
    expect(await progressOf(db.pool, chunk.batch)).toEqual({ state: 'held', absent: 2, standing: 10 })
    expect(await findingsOf(db.pool, chunk.batch)).toEqual(['1 snapshot-shrunken '])
    expect([await keysLeft(db.pool), await withdrawalOf(db.pool, chunk.batch)]).toEqual([10, undefined])
  })

  it.each([
    ['withdraw', 8, 'withdrawn'],
    ['keep', 10, 'kept'],
  ] as const)('goes on when operators say %s', async (decision, left, state) => {
    await using db = await freshDatabase()
    await push(db.pool, people(...NAMES))
    const chunk = await snapshot(db.pool, people(...NAMES.slice(0, 8)))
    await link(db.pool, chunk)
    await finish(db.pool, 10)
    const deps = { db: db.pool, vault, crash: () => undefined }
    await decideHeldSnapshot(deps, chunk.batch, { decision, reason: 'asked', by: 'ops' })
    const batch = await withdrawalOf(db.pool, chunk.batch)
    if (batch !== undefined) await linkWithdrawal(db.pool, batch)
    expect([await keysLeft(db.pool), (await progressOf(db.pool, chunk.batch))?.state]).toEqual([left, state])
    expect(await countRows(db.pool, 'snapshot_key')).toBe(0)
    await expect(decideHeldSnapshot(deps, chunk.batch, { decision, reason: 'again', by: 'ops' })).rejects.toMatchObject(
      { code: 'snapshot-decided' },
    )
  })

  it('leaves alone what was pushed after it, even unchanged', async () => {
    await using db = await freshDatabase()
    await push(db.pool, people(...NAMES))
    const chunk = await snapshot(db.pool, people(...NAMES.slice(0, 7)))
    await link(db.pool, chunk)
    await finish(db.pool, 10)
    await push(db.pool, people(...NAMES).slice(9))
    const deps = { db: db.pool, vault, crash: () => undefined }
    await decideHeldSnapshot(deps, chunk.batch, { decision: 'withdraw', reason: 'asked', by: 'ops' })
    const { lines } = await linkWithdrawal(db.pool, (await withdrawalOf(db.pool, chunk.batch)) as BatchId)
    expect([withdrawnOf(lines).length, await keysLeft(db.pool)]).toEqual([2, 8])
  })

  it('is held when a line has no readable key and something is absent', async () => {
    await using db = await freshDatabase()
    await push(db.pool, people('ADI', 'BAYU', 'CITRA'))
    const chunk = await snapshot(db.pool, [
      ...people('ADI', 'BAYU'),
      { line: 3, key: null, verdict: 'rejected', findings: [], records: [] },
    ])
    await link(db.pool, chunk)
    await finish(db.pool)
    expect(await findingsOf(db.pool, chunk.batch)).toEqual(['1 snapshot-unreadable '])
    const better = await snapshot(db.pool, people('ADI', 'BAYU'))
    await link(db.pool, better)
    await finish(db.pool)
    expect([(await progressOf(db.pool, chunk.batch))?.state, (await progressOf(db.pool, better.batch))?.state]).toEqual(
      ['kept', 'withdrawn'],
    )
  })
})

describe('an aborted snapshot', () => {
  it('withdraws nothing and keeps no keys', async () => {
    await using db = await freshDatabase()
    await push(db.pool, people('ADI', 'BAYU'))
    const chunk = await snapshot(db.pool, people('ADI'))
    await link(db.pool, chunk)
    await db.pool.query(sql`update batch set aborted_at = now() where id = ${chunk.batch}`)
    await finish(db.pool)
    expect([
      (await progressOf(db.pool, chunk.batch))?.state,
      await withdrawalOf(db.pool, chunk.batch),
      await countRows(db.pool, 'snapshot_key'),
    ]).toEqual(['kept', undefined, 0])
  })
})

describe('the order of receipt', () => {
  it('lets a snapshot wait for what was pushed before it, and pushes after it wait for the snapshot', async () => {
    await using db = await freshDatabase()
    await push(db.pool, people('ADI', 'BAYU'))
    const before = await submit(db.pool, people('CITRA'))
    const chunk = await snapshot(db.pool, people('ADI'))
    const after = await submit(db.pool, people('X', 'BAYU').slice(1))
    expect((await link(db.pool, chunk)).state).toBe('later')
    expect((await link(db.pool, after)).state).toBe('later')
    await link(db.pool, before)
    await link(db.pool, chunk)
    expect((await link(db.pool, after)).state).toBe('later')
    await finish(db.pool, 100)
    expect((await link(db.pool, after)).state).toBe('later')
    await linkWithdrawal(db.pool, (await withdrawalOf(db.pool, chunk.batch)) as BatchId)
    await link(db.pool, after)
    expect(await outcomesOf(db.pool, after.batch)).toEqual({ 2: 'new' })
    expect(await keysLeft(db.pool)).toBe(2)
  })

  it('drops what an older batch brings after all, when the snapshot did not hold it', async () => {
    await using db = await freshDatabase()
    const older = await openBatch(db.pool)
    await push(db.pool, people('ADI'))
    const chunk = await snapshot(db.pool, people('ADI'))
    await link(db.pool, chunk)
    await finish(db.pool)
    // As a release does: a chunk of a batch that was received before.
    const released = await submit(db.pool, people('X', 'BAYU').slice(1), { batch: older, isReleased: true })
    await link(db.pool, released)
    expect(await findingsOf(db.pool, older)).toEqual(['2 superseded '])
    expect(await keysLeft(db.pool)).toBe(1)
  })

  it('lets a record withdrawn by hand be withdrawn once, whatever a snapshot says', async () => {
    await using db = await freshDatabase()
    await push(db.pool, people('ADI', 'BAYU'))
    const chunk = await snapshot(db.pool, people('ADI'))
    await link(db.pool, chunk)
    await finish(db.pool)
    const byHand = await withdraw(db.pool, { key: 'BAYU' })
    const batch = (await withdrawalOf(db.pool, chunk.batch)) as BatchId
    const { lines } = await linkWithdrawal(db.pool, batch)
    expect([withdrawnOf(byHand.lines).length, lines.length, await outcomesOf(db.pool, batch)]).toEqual([
      1,
      0,
      { 1: 'unchanged' },
    ])
  })
})
