import { describe, expect, it } from 'vitest'
import { sql } from '../../src/io/postgres/sql.ts'
import { freshDatabase } from '../support/database.ts'
import { entry, family, findingsOf, link, openBatch, outcomesOf, person, push, submit } from './support.ts'

const BUDI = { nomor_induk_kependudukan: '3174010505800001', nama: 'BUDI SANTOSO', tanggal_lahir: '1980-05-05' }
const SITI = { nomor_induk_kependudukan: '3174014101820002', nama: 'SITI AMINAH', tanggal_lahir: '1982-01-01' }
const KK1 = { nomor_kartu_keluarga: '3174010101100001' }
const KK2 = { nomor_kartu_keluarga: '3174010101100002' }
const DTKS = { dataset: 'dtks-individu' }

async function subjects(db: Awaited<ReturnType<typeof freshDatabase>>, level: string): Promise<number> {
  const { rows } = await db.pool.query<{ n: number }>(sql`
    select count(*)::integer as n from subject where level = ${level} and merged_into is null`)
  return rows[0]?.n ?? -1
}

describe('a known key', () => {
  it('is new, then unchanged, then updated, and keeps its subject', async () => {
    await using db = await freshDatabase()
    const first = await push(db.pool, [entry(1, 'A', person('A', BUDI))])
    const again = await push(db.pool, [entry(1, 'A', person('A', BUDI))])
    const chunk = await submit(db.pool, [entry(1, 'A', person('A', { ...BUDI, nama: 'BUDI SANTOSA' }))])
    const third = await link(db.pool, chunk)
    expect(first.state).toBe('linked')
    expect(again).toMatchObject({ state: 'settled', told: [] })
    expect(third.lines).toMatchObject([
      { subject: first.lines[0]?.subject, version: 2, record: { nama: 'BUDI SANTOSA' }, entries: [[chunk.batch, 1]] },
    ])
    expect(await outcomesOf(db.pool, chunk.batch)).toEqual({ 1: 'updated' })
  })

  it('closes the sums of a chunk with every outcome', async () => {
    await using db = await freshDatabase()
    await push(db.pool, [entry(1, 'A', person('A', BUDI)), entry(2, 'B', person('B', SITI))])
    const chunk = await submit(db.pool, [
      entry(1, 'A', person('A', BUDI)),
      entry(2, 'B', person('B', { ...SITI, nama: 'SITI AMINA' })),
      entry(3, 'C', person('C', { nama: 'NEW' })),
      { line: 4, key: 'D', verdict: 'held', findings: [], records: [] },
      { line: 5, key: null, verdict: 'rejected', findings: [], records: [] },
    ])
    await link(db.pool, chunk)
    expect(await outcomesOf(db.pool, chunk.batch)).toEqual({
      1: 'unchanged',
      2: 'updated',
      3: 'new',
      4: 'held',
      5: 'rejected',
    })
    const { rows } = await db.pool.query(sql`
      select new, updated, unchanged, rejected, held from chunk where id = ${chunk.id}`)
    expect(rows).toEqual([{ new: 1, updated: 1, unchanged: 1, rejected: 1, held: 1 }])
  })

  it('does not deliver again what a move in the list of members changes', async () => {
    await using db = await freshDatabase()
    const [a, b] = [person('A', BUDI, { path: '/anggota/0' }), person('B', SITI, { path: '/anggota/1' })]
    await push(db.pool, [entry(1, 'F', family('F', KK1), a, b)])
    const swapped = [
      { ...b, path: '/anggota/0' },
      { ...a, path: '/anggota/1' },
    ]
    expect((await push(db.pool, [entry(1, 'F', family('F', KK1), ...swapped)])).state).toBe('settled')
  })
})

describe('a NIK', () => {
  it('links the records of two datasets to one person and merges them', async () => {
    await using db = await freshDatabase()
    const carik = await push(db.pool, [entry(1, 'A', person('A', { ...BUDI, status_kawin: '2' }))])
    const dtks = await push(db.pool, [entry(1, 'X', person('X', { ...BUDI, nama: 'BOEDI', umur: 45 }))], DTKS)
    expect(dtks.lines).toMatchObject([
      { subject: carik.lines[0]?.subject, version: 2, record: { nama: 'BUDI SANTOSO', status_kawin: '2', umur: 45 } },
    ])
    expect(await subjects(db, 'individu')).toBe(1)
  })

  it('that two of other names and birth dates carry joins nobody, holds nothing, and asks a steward once', async () => {
    await using db = await freshDatabase()
    await push(db.pool, [entry(1, 'A', person('A', BUDI))])
    const wulan = { ...SITI, nama: 'WULANDARI KARTIKA', tanggal_lahir: '1982-03-09', jenis_kelamin: '2' }
    const stranger = { ...wulan, nomor_induk_kependudukan: BUDI.nomor_induk_kependudukan }
    const entries = [
      entry(7, 'X', family('X', KK1), person('X1', stranger, { path: '/anggota/0' })),
      entry(8, 'Y', person('Y', wulan)),
    ]
    const chunk = await submit(db.pool, entries, DTKS)
    await link(db.pool, chunk)
    await push(db.pool, entries, DTKS)
    expect(await findingsOf(db.pool, chunk.batch)).toEqual([])
    expect(await outcomesOf(db.pool, chunk.batch)).toEqual({ 7: 'new', 8: 'new' })
    expect(await subjects(db, 'individu')).toBe(2)
    const { rows } = await db.pool.query(sql`select state, decision from review`)
    expect(rows).toEqual([{ state: 'open', decision: null }])
  })

  it('that two members of other names share in one family leaves them two, and nobody is asked', async () => {
    await using db = await freshDatabase()
    const household = { scheme: 'carik', key: 'F' }
    const twins = [
      person('A', { ...BUDI, nama: 'ADI' }, { path: '/anggota/0', household }),
      person('B', { ...BUDI, nama: 'WULAN' }, { path: '/anggota/1', household }),
    ]
    const chunk = await submit(db.pool, [entry(1, 'F', family('F', KK1), ...twins)])
    await link(db.pool, chunk)
    expect(await outcomesOf(db.pool, chunk.batch)).toEqual({ 1: 'new' })
    expect(await subjects(db, 'individu')).toBe(2)
    expect((await db.pool.query(sql`select id from review`)).rows).toEqual([])
  })

  it('that comes late unites two persons, and BPS is told', async () => {
    await using db = await freshDatabase()
    const first = await push(db.pool, [entry(1, 'X', person('X', { nama: 'BUDI', tanggal_lahir: '1981-01-01' }))], DTKS)
    const second = await push(db.pool, [entry(1, 'A', person('A', BUDI))])
    const third = await push(db.pool, [entry(1, 'X', person('X', BUDI))], DTKS)
    expect(third.lines).toMatchObject([
      {
        subject: first.lines[0]?.subject,
        merged: [second.lines[0]?.subject],
        origin: [{ dataset: 'carik' }, { dataset: 'dtks-individu' }],
      },
    ])
    expect(await subjects(db, 'individu')).toBe(1)
    expect((await push(db.pool, [entry(1, 'A', person('A', BUDI))])).state).toBe('settled')
  })

  it('of somebody else takes the record to them and leaves the others', async () => {
    await using db = await freshDatabase()
    await push(db.pool, [entry(1, 'A', person('A', BUDI)), entry(2, 'B', person('B', SITI))])
    const mixed = { ...BUDI, nama: 'BUDI S' }
    await push(db.pool, [entry(1, 'X', person('X', mixed))], DTKS)
    const { lines } = await push(db.pool, [entry(1, 'X', person('X', SITI))], DTKS)
    expect(lines.map(({ record, origin }) => [record.nama, origin.length]).toSorted()).toEqual([
      ['BUDI SANTOSO', 1],
      ['SITI AMINAH', 2],
    ])
  })
})

describe('a family', () => {
  it('is found by its No. KK from another dataset, and its members know it', async () => {
    await using db = await freshDatabase()
    const carik = await push(db.pool, [
      entry(1, 'F', family('F', { ...KK1, luas_lantai: 40 }), person('A', { ...BUDI, ...KK1 })),
    ])
    const flat = await push(
      db.pool,
      [entry(1, 'R', person('R', { ...SITI, ...KK1 }), family('R', { ...KK1, daya_terpasang: '2' }))],
      DTKS,
    )
    const id = carik.lines[0]?.subject
    expect(carik.lines[1]).toMatchObject({ level: 'individu', family: id })
    expect(flat.lines).toMatchObject([
      { subject: id, record: { luas_lantai: 40, daya_terpasang: '2' } },
      { family: id },
    ])
  })

  it.each([
    ['the household first', [0, 1, 2]],
    ['the members first', [1, 0, 2]],
    ['the bridge first', [2, 1, 0]],
    ['the bridge in between', [0, 2, 1]],
  ])('is one, though named by household key and by No. KK: %s', async (_, order) => {
    await using db = await freshDatabase()
    const household = { scheme: 'idbdt', key: 'H1' }
    const pushes = [
      () =>
        push(db.pool, [entry(1, 'H1', family('H1', { luas_lantai: 40 }, { household }))], {
          dataset: 'dtks-rumah-tangga',
        }),
      () => push(db.pool, [entry(1, 'F', family('F', { ...KK1, daya_terpasang: '2' }))]),
      () => push(db.pool, [entry(1, 'M', person('M', { ...BUDI, ...KK1 }, { household }))], DTKS),
    ]
    for (const at of order) await pushes[at]?.()
    expect(await subjects(db, 'keluarga')).toBe(1)
    const { lines } = await push(db.pool, [entry(1, 'F', family('F', { ...KK1, daya_terpasang: '3' }))])
    expect(lines).toMatchObject([{ record: { luas_lantai: 40, daya_terpasang: '3' } }])
  })

  it.each([
    ['the head is known', [0, 1]],
    ['the head comes later', [1, 0]],
  ])('is found by the NIK of its head when %s', async (_, order) => {
    await using db = await freshDatabase()
    const household = { scheme: 'p3ke', key: 'P1' }
    const headNik = BUDI.nomor_induk_kependudukan
    const head = person('A', { ...BUDI, ...KK1, status_hubungan_keluarga: '1' })
    const pushes = [
      () => push(db.pool, [entry(1, 'F', family('F', KK1), head)]),
      () =>
        push(db.pool, [entry(1, 'P1', family('P1', { luas_lantai: 9 }, { household, headNik }))], {
          dataset: 'p3ke-keluarga',
        }),
    ]
    for (const at of order) await pushes[at]?.()
    expect(await subjects(db, 'keluarga')).toBe(1)
  })

  it('stays two when one household holds two, each with a No. KK', async () => {
    await using db = await freshDatabase()
    const household = { scheme: 'idbdt', key: 'H1' }
    await push(db.pool, [
      entry(1, 'M', person('M', { ...BUDI, ...KK1 }, { household })),
      entry(2, 'N', person('N', { ...SITI, ...KK2 }, { household })),
    ])
    expect(await subjects(db, 'keluarga')).toBe(2)
  })

  it('that got another No. KK stays itself', async () => {
    await using db = await freshDatabase()
    const first = await push(db.pool, [entry(1, 'F', family('F', KK1))])
    const second = await push(db.pool, [entry(1, 'F', family('F', KK2))])
    expect(second.lines[0]?.subject).toBe(first.lines[0]?.subject)
  })

  it('that was left by its only record becomes the one the record went to', async () => {
    await using db = await freshDatabase()
    const first = await push(db.pool, [entry(1, 'F', family('F', KK1))])
    const other = await push(db.pool, [entry(1, 'R', family('R', KK2))], DTKS)
    const { lines } = await push(db.pool, [entry(1, 'F', family('F', KK2))])
    expect(lines).toMatchObject([{ subject: other.lines[0]?.subject, merged: [first.lines[0]?.subject] }])
  })
})

describe('a key that stands twice in a batch', () => {
  const A = (line: number) => entry(line, 'K', person('K', BUDI))
  const X = (line: number) => entry(line, 'K', person('K', { ...BUDI, nama: 'BUDI SANTOSA' }))

  it('is unchanged as an identical copy', async () => {
    await using db = await freshDatabase()
    const chunk = await submit(db.pool, [A(1), A(2)])
    await link(db.pool, chunk)
    expect(await outcomesOf(db.pool, chunk.batch)).toEqual({ 1: 'new', 2: 'unchanged' })
  })

  it('is held on the later line with other content, also when it comes again', async () => {
    await using db = await freshDatabase()
    const first = await submit(db.pool, [A(1), X(2)])
    await link(db.pool, first)
    const again = await submit(db.pool, [A(1), X(2)])
    await link(db.pool, again)
    expect(await outcomesOf(db.pool, first.batch)).toEqual({ 1: 'new', 2: 'held' })
    expect(await findingsOf(db.pool, first.batch)).toEqual(['2 key-twice '])
    expect(await outcomesOf(db.pool, again.batch)).toEqual({ 1: 'unchanged', 2: 'held' })
  })

  it('is decided by the first line, even when its chunk is worked last', async () => {
    await using db = await freshDatabase()
    const batch = await openBatch(db.pool)
    const [early, late] = [await submit(db.pool, [A(1)], { batch }), await submit(db.pool, [X(2)], { batch })]
    await link(db.pool, late)
    const { lines } = await link(db.pool, early)
    expect(lines).toMatchObject([{ record: { nama: 'BUDI SANTOSO' } }])
    const next = await openBatch(db.pool)
    const [first, second] = [
      await submit(db.pool, [A(1)], { batch: next }),
      await submit(db.pool, [X(2)], { batch: next }),
    ]
    expect((await link(db.pool, second)).state).toBe('later')
    await link(db.pool, first)
    await link(db.pool, second)
    expect(await outcomesOf(db.pool, next)).toEqual({ 1: 'unchanged', 2: 'held' })
  })

  it('is updated by the first line when the second repeats what is stored', async () => {
    await using db = await freshDatabase()
    const { lines: before } = await push(db.pool, [A(1)])
    const chunk = await submit(db.pool, [X(1), A(2)])
    const { lines } = await link(db.pool, chunk)
    expect(lines).toMatchObject([{ subject: before[0]?.subject, record: { nama: 'BUDI SANTOSA' } }])
    expect(await outcomesOf(db.pool, chunk.batch)).toEqual({ 1: 'updated', 2: 'held' })
    expect(await findingsOf(db.pool, chunk.batch)).toEqual(['2 key-twice '])
  })

  it('is taken when the source has mended it', async () => {
    await using db = await freshDatabase()
    await push(db.pool, [A(1), X(2)])
    const { lines } = await push(db.pool, [X(1)])
    expect(lines).toMatchObject([{ record: { nama: 'BUDI SANTOSA' } }])
  })
})

describe('a key that is given to somebody else', () => {
  const stranger = (nama: string, born: string) => person('K', { ...BUDI, nama, tanggal_lahir: born })
  const release = { isReleased: true }

  it('keeps apart three people with one number, once they are released', async () => {
    await using db = await freshDatabase()
    await push(db.pool, [entry(1, 'K', person('K', BUDI))])
    const held = await submit(db.pool, [entry(1, 'K', stranger('WULANDARI', '1991-11-23'))])
    await link(db.pool, held)
    expect(await outcomesOf(db.pool, held.batch)).toEqual({ 1: 'held' })
    await push(db.pool, [entry(1, 'K', stranger('WULANDARI', '1991-11-23'))], release)
    await push(db.pool, [entry(1, 'K', stranger('PARTINEM', '1950-02-17'))], release)
    expect(await subjects(db, 'individu')).toBe(3)
  })

  it('is held in whatever chunk of one batch the other comes', async () => {
    await using db = await freshDatabase()
    const batch = await openBatch(db.pool)
    const early = await submit(db.pool, [entry(1, 'K', person('K', BUDI))], { batch })
    await link(db.pool, await submit(db.pool, [entry(2, 'K', person('K', SITI))], { batch }))
    await link(db.pool, early)
    expect(await outcomesOf(db.pool, batch)).toEqual({ 1: 'held', 2: 'new' })
    expect(await findingsOf(db.pool, batch)).toEqual(['1 key-reused '])
  })
})

describe('an older batch', () => {
  const name = (nama: string) => [entry(1, 'K', person('K', { ...BUDI, nama }))]

  it('never overwrites what a newer one said', async () => {
    await using db = await freshDatabase()
    const old = await submit(db.pool, name('BUDI OLD'))
    await push(db.pool, name('BUDI NEW'))
    expect((await link(db.pool, old)).state).toBe('settled')
    expect(await findingsOf(db.pool, old.batch)).toEqual(['1 superseded '])
    expect(await outcomesOf(db.pool, old.batch)).toEqual({ 1: 'unchanged' })
  })

  it('never overwrites what a newer one only confirmed', async () => {
    await using db = await freshDatabase()
    await push(db.pool, name('BUDI'))
    const between = await submit(db.pool, name('BUDI BETWEEN'))
    await push(db.pool, name('BUDI'))
    await link(db.pool, between)
    expect(await findingsOf(db.pool, between.batch)).toEqual(['1 superseded '])
  })
})

it('leaves nothing behind when its transaction is rolled back', async () => {
  await using db = await freshDatabase()
  const chunk = await submit(db.pool, [entry(1, 'F', family('F', KK1), person('A', { ...BUDI, ...KK1 }))])
  await expect(link(db.pool, chunk, { crash: true })).rejects.toThrow('crash')
  for (const table of ['subject', 'source_record', 'identifier', 'blocking', 'review', 'entry', 'report']) {
    const { rows } = await db.pool.query(`select 1 from ${table}`)
    expect(rows, table).toEqual([])
  }
  expect((await link(db.pool, chunk)).state).toBe('linked')
})

it('stores nothing of a person in clear', async () => {
  await using db = await freshDatabase()
  await push(db.pool, [entry(1, 'SECRETKEY', person('SECRETKEY', { ...BUDI, ...KK1 }))])
  for (const table of ['subject', 'source_record', 'identifier', 'blocking', 'entry', 'chunk']) {
    const { rows } = await db.pool.query(
      `select encode(convert_to(${table}::text, 'UTF8'), 'escape') as row from ${table}`,
    )
    const hex = Buffer.from('BUDI').toString('hex')
    expect(JSON.stringify(rows)).not.toMatch(new RegExp(`BUDI|SECRETKEY|3174010505800001|3174010101100001|${hex}`))
  }
})
