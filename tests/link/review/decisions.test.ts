import type { Pool } from 'pg'
import { describe, expect, it } from 'vitest'
import type { BatchId, ChunkId, SubjectId } from '../../../src/domain/ids.ts'
import { sourceKey } from '../../../src/domain/keys.ts'
import { newId } from '../../../src/io/ids.ts'
import { inTransaction } from '../../../src/io/postgres/postgres.ts'
import { sql } from '../../../src/io/postgres/sql.ts'
import { decideReview, showReview } from '../../../src/link/review/desk.db.ts'
import { openReviews } from '../../../src/link/review/review.sql.ts'
import { freshDatabase } from '../../support/database.ts'
import {
  content,
  correction,
  entry,
  indexOf,
  type Linked,
  link,
  person,
  push,
  scoringModel,
  unmerge,
  vault,
} from '../support.ts'

const BUDI = {
  nomor_induk_kependudukan: '3174010505800001',
  nama: 'BUDI SANTOSO',
  tanggal_lahir: '1980-05-05',
  jenis_kelamin: '1',
}
const SITI = { nama: 'SITI AMINAH', tanggal_lahir: '1982-03-09', jenis_kelamin: '2' }
const DTKS = { dataset: 'dtks-individu' }
const P3KE = { dataset: 'p3ke-individu' }
// The number of one person, the name and birth date of another.
const STRANGER = { ...SITI, nomor_induk_kependudukan: BUDI.nomor_induk_kependudukan }

type Fresh = { batch: BatchId; chunk: ChunkId }

async function answer(db: Pool, decision: 'same' | 'different' | 'later', by = 'steward', fourEyes = false) {
  const fourEyesFrom = fourEyes ? 1 : Number.POSITIVE_INFINITY
  const [review] = await openReviews(db, { limit: 1 })
  const fresh: Fresh = { batch: newId('bat'), chunk: newId('chk') }
  const answered = await inTransaction(db, (tx) =>
    decideReview(tx, review?.id ?? '', { decision, by, reason: 'r', fourEyesFrom }, fresh),
  )
  const linked = answered === 'decided' ? await link(db, await correction(db, fresh)) : undefined
  return { answered, linked, ...fresh }
}

async function unmergeKey(db: Pool, subject: SubjectId, dataset: string, key: string) {
  return unmerge(db, subject, [indexOf('key', sourceKey('carik-jakarta', dataset, 'individu', key))])
}

async function persons(db: Pool): Promise<number> {
  const { rows } = await db.query<{ n: number }>(sql`
    select count(*)::integer as n from subject where level = 'individu' and merged_into is null`)
  return rows[0]?.n ?? -1
}

/** The line of the person that a push made. */
function newest({ lines }: Linked) {
  return lines.find(({ version }) => version === 1)
}

describe('a possible match', () => {
  it('that is decided as the same person makes one, and BPS is told', async () => {
    await using db = await freshDatabase()
    const first = await push(db.pool, [entry(1, 'A', person('A', BUDI))])
    const second = await push(db.pool, [entry(1, 'X', person('X', STRANGER))], DTKS)
    expect(await persons(db.pool)).toBe(2)
    const { answered, linked, batch } = await answer(db.pool, 'same')
    expect(answered).toBe('decided')
    expect(linked?.lines).toMatchObject([
      { subject: first.lines[0]?.subject, merged: [newest(second)?.subject], entries: [[batch, 1]] },
    ])
    expect(await persons(db.pool)).toBe(1)
    expect(await openReviews(db.pool, { limit: 9 })).toEqual([])
    await push(db.pool, [entry(1, 'X', person('X', { ...STRANGER, umur: 43 }))], DTKS)
    expect(await persons(db.pool)).toBe(1)
  })

  it('that is decided as two persons is never asked again, and BPS is told that nobody asks any more', async () => {
    await using db = await freshDatabase()
    await push(db.pool, [entry(1, 'A', person('A', BUDI))])
    const asked = await push(db.pool, [entry(1, 'X', person('X', STRANGER))], DTKS)
    expect(asked.lines.map(({ version, review }) => [version, review]).toSorted()).toEqual([
      [1, true],
      [2, true],
    ])
    const { linked } = await answer(db.pool, 'different')
    expect(linked?.lines.map(({ version, review }) => [version, review]).toSorted()).toEqual([
      [2, false],
      [3, false],
    ])
    await push(db.pool, [entry(1, 'X', person('X', { ...STRANGER, umur: 43 }))], DTKS)
    await push(db.pool, [entry(1, 'X', person('X', BUDI))], DTKS)
    expect(await persons(db.pool)).toBe(2)
    expect(await openReviews(db.pool, { limit: 9 })).toEqual([])
  })

  it('that is put off comes last and stays open', async () => {
    await using db = await freshDatabase()
    await push(db.pool, [entry(1, 'A', person('A', BUDI))])
    await push(db.pool, [entry(1, 'X', person('X', STRANGER))], DTKS)
    expect((await answer(db.pool, 'later')).answered).toBe('later')
    expect(await openReviews(db.pool, { limit: 9 })).toMatchObject([{ state: 'open', laterAt: expect.any(Date) }])
  })

  it('needs two stewards of one mind where four eyes are asked for', async () => {
    await using db = await freshDatabase()
    await push(db.pool, [entry(1, 'A', person('A', BUDI))])
    await push(db.pool, [entry(1, 'X', person('X', STRANGER))], DTKS)
    await expect(answer(db.pool, 'same', 'a-client', true)).rejects.toMatchObject({ code: 'person-missing' })
    expect((await answer(db.pool, 'same', 'acc_1', true)).answered).toBe('noted')
    expect((await answer(db.pool, 'same', 'acc_1', true)).answered).toBe('same-eyes')
    // What a client of a version before has said is nobody's opinion.
    await db.pool.query(`update review set opinion_by = 'a-client'`)
    expect((await answer(db.pool, 'same', 'acc_1', true)).answered).toBe('noted')
    expect((await answer(db.pool, 'different', 'acc_2', true)).answered).toBe('noted')
    expect((await answer(db.pool, 'different', 'acc_1', true)).answered).toBe('decided')
  })

  it('shows both records and what each field says', async () => {
    await using db = await freshDatabase()
    await push(db.pool, [entry(1, 'A', person('A', BUDI))])
    await push(db.pool, [entry(1, 'X', person('X', STRANGER))], DTKS)
    const [review] = await openReviews(db.pool, { limit: 1 })
    const shown = await showReview({ db: db.pool, vault, scoringModel, coverage: () => undefined }, review?.id ?? '')
    expect(shown?.records.map((record) => record?.record.fields.nama).sort()).toEqual(['BUDI SANTOSO', 'SITI AMINAH'])
    expect(shown?.override).toBe('contradicted')
    expect(Object.fromEntries(shown?.fields.map(({ field, level }) => [field, level]) ?? [])).toMatchObject({
      name: 'apart',
      birth: 'apart',
      nik: 'equal',
    })
    expect(shown?.fields.find(({ field }) => field === 'nik')?.weight).toBeGreaterThan(5)
  })

  it('vanishes when the source mends what was doubtful', async () => {
    await using db = await freshDatabase()
    await push(db.pool, [entry(1, 'A', person('A', BUDI))])
    await push(db.pool, [entry(1, 'X', person('X', STRANGER))], DTKS)
    await push(db.pool, [entry(1, 'X', person('X', SITI))], DTKS)
    expect(await openReviews(db.pool, { limit: 9 })).toEqual([])
  })
})

describe('unmerging', () => {
  it('restores the two golden records of a merge exactly, under their ids, and the merge does not come again', async () => {
    await using db = await freshDatabase()
    const unlike = { nama: BUDI.nama, jenis_kelamin: BUDI.jenis_kelamin, tanggal_lahir: '1981-01-01' }
    const first = await push(db.pool, [entry(1, 'A', person('A', unlike))])
    const second = await push(db.pool, [entry(1, 'X', person('X', { ...BUDI, umur: 45 }))], DTKS)
    expect(await persons(db.pool)).toBe(2)
    // The record that joins the two is like both.
    const joined = await push(db.pool, [
      entry(1, 'A', person('A', { ...BUDI, status_kawin: '2' })),
      entry(2, 'C', person('C', { nama: 'WULAN SARI', tanggal_lahir: '1999-12-11' })),
    ])
    expect(joined.lines.map(({ merged }) => merged?.length ?? 0)).toContain(1)
    const subject = first.lines[0]?.subject ?? 'per_'
    const { linked } = await unmergeKey(db.pool, subject, 'dtks-individu', 'X')
    const restored = new Map(linked?.lines.map((line) => [line.subject, content(line)]))
    expect(restored.size).toBe(2)
    const alone = second.lines[0]
    expect(alone && restored.get(alone.subject)).toEqual(alone && content(alone))
    expect(restored.get(subject)?.record).toEqual({ ...BUDI, status_kawin: '2' })
    expect(linked?.lines.every(({ merged }) => merged === undefined)).toBe(true)
    await push(db.pool, [entry(1, 'X', person('X', { ...BUDI, umur: 46 }))], DTKS)
    expect(await persons(db.pool)).toBe(3)
  })

  it('gives a record that never was a person of its own a new one', async () => {
    await using db = await freshDatabase()
    const first = await push(db.pool, [entry(1, 'A', person('A', BUDI))])
    await push(db.pool, [entry(1, 'X', person('X', BUDI))], DTKS)
    await push(db.pool, [entry(1, 'Y', person('Y', BUDI))], P3KE)
    const subject = first.lines[0]?.subject ?? 'per_'
    const { linked } = await unmergeKey(db.pool, subject, 'dtks-individu', 'X')
    expect(linked?.lines.map(({ origin }) => origin.map(({ dataset }) => dataset)).sort()).toEqual([
      ['carik', 'p3ke-individu'],
      ['dtks-individu'],
    ])
    expect(linked?.lines.find((line) => line.origin.length === 2)?.subject).toBe(subject)
  })

  it.each([
    ['the record that came first', 'carik', 'A', 'dtks-individu'],
    ['the record that came last', 'dtks-individu', 'X', 'carik'],
  ])('leaves the id with what stays when %s is taken away', async (_, dataset, key, staying) => {
    await using db = await freshDatabase()
    const first = await push(db.pool, [entry(1, 'A', person('A', BUDI))])
    await push(db.pool, [entry(1, 'X', person('X', BUDI))], DTKS)
    const subject = first.lines[0]?.subject ?? 'per_'
    const { linked } = await unmergeKey(db.pool, subject, dataset, key)
    const kept = linked?.lines.find((line) => line.subject === subject)
    expect(kept?.origin.map((source) => source.dataset)).toEqual([staying])
    expect(linked?.lines).toHaveLength(2)
  })

  it('refuses what is nobody, what is not theirs, and what would leave nothing', async () => {
    await using db = await freshDatabase()
    const first = await push(db.pool, [entry(1, 'A', person('A', BUDI)), entry(2, 'S', person('S', SITI))])
    const subject = first.lines[0]?.subject ?? 'per_'
    expect((await unmergeKey(db.pool, newId('per'), 'carik', 'A')).unmerged).toBe('unknown')
    expect((await unmergeKey(db.pool, subject, 'carik', 'S')).unmerged).toBe('not-theirs')
    expect((await unmergeKey(db.pool, subject, 'carik', 'A')).unmerged).toBe('none-stays')
  })
})

it('tells the ledger and the counts of a correction like those of every other batch', async () => {
  await using db = await freshDatabase()
  await push(db.pool, [entry(1, 'A', person('A', BUDI))])
  await push(db.pool, [entry(1, 'X', person('X', STRANGER))], DTKS)
  const { batch, chunk } = await answer(db.pool, 'same')
  const { rows } = await db.pool.query(sql`
    select b.platform, b.received, c.updated, e.outcome
    from batch b join chunk c on c.batch = b.id join entry e on e.chunk = c.id where b.id = ${batch} and c.id = ${chunk}`)
  expect(rows).toEqual([{ platform: 'titian', received: 1, updated: 1, outcome: 'updated' }])
})
