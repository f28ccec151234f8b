import { expect, it } from 'vitest'
import type { DeliveryLine } from '../../../src/domain/golden.ts'
import { readGoldenPage } from '../../../src/link/persons/golden-page.db.ts'
import { compileSurvivorship } from '../../../src/link/subjects/survivorship.ts'
import { freshDatabase } from '../../support/database.ts'
import { entry, family, person, push, scoringModel, telling, vault } from '../support.ts'

const survivorship = compileSurvivorship({
  default: ['carik', 'p3ke-keluarga', 'p3ke-individu', 'dtks-rumah-tangga', 'dtks-individu'],
  fields: { 'individu.ijazah_tertinggi_yang_dimiliki': ['dtks-individu'] },
})
const PLACE = { kode_kelurahan_desa: '3174010001' }

it('is what was last told of every subject, in the order of ids, and says where each lives', async () => {
  await using db = await freshDatabase()
  const told = new Map<string, DeliveryLine>()
  const pushed = async (...args: Parameters<typeof push>) => {
    for (const line of (await push(...args)).told) told.set(line.subject, line)
  }
  const families = Array.from({ length: 7 }, (_, i) => {
    const [key, card] = [`F${i}`, `31740101011000${String(i).padStart(2, '0')}`]
    const people = Array.from({ length: 2 }, (__, n) =>
      person(`${key}-${n}`, {
        nomor_induk_kependudukan: `31740105058${String(i * 2 + n).padStart(5, '0')}`,
        nomor_kartu_keluarga: card,
        nama: `ORANG ${'ABCDEFG'[i]} ${'XY'[n]}`,
        tanggal_lahir: '1980-05-05',
      }),
    )
    return entry(i + 1, key, family(key, { ...PLACE, nomor_kartu_keluarga: card }), ...people)
  })
  await pushed(db.pool, families)
  const [first] = families
  if (first !== undefined) {
    const renamed = first.records.map((record) => ({ ...record, fields: { ...record.fields, alamat: 'JALAN BARU' } }))
    await pushed(db.pool, [{ ...first, records: renamed }])
  }
  // A family that one person alone names is a stub, with the card that the person states.
  const alone = person('S-1', {
    nomor_induk_kependudukan: '3174010606800099',
    nomor_kartu_keluarga: '3174010101999999',
    nama: 'ORANG SENDIRI',
    tanggal_lahir: '1980-06-06',
  })
  await pushed(db.pool, [entry(1, 'S', alone)])
  const other = person('D', {
    nomor_induk_kependudukan: '3174010505800000',
    nama: 'ORANG A X',
    tanggal_lahir: '1980-05-05',
    pekerjaan_ktp: 'GURU',
  })
  await pushed(db.pool, [entry(1, 'D', other)], { dataset: 'dtks-individu' })

  const seen = []
  for (let after: string | undefined = ''; after !== undefined; ) {
    const page = await readGoldenPage(db.pool, { vault, survivorship, scoringModel, ...telling }, after, 4)
    seen.push(...page.lines)
    after = page.next
  }
  const expected = [...told.values()].sort((a, b) => (a.subject < b.subject ? -1 : 1))
  expect(expected).toMatchObject(seen.map(({ line: { entries: _, ...line } }) => line))
  expect(seen.every(({ line }) => line.entries.length === 0)).toBe(true)
  expect(seen.some(({ line }) => 'origin' in line && line.origin.length === 2)).toBe(true)
  expect(new Set(seen.map(({ place }) => place))).toEqual(new Set(['3174010001', '']))
  // What holds two records together is as sure as the delivery said; of one record there is nothing to be sure of.
  const sure = new Set(seen.map(({ line }) => ('confidence' in line ? line.confidence : undefined)))
  expect(sure.size).toBe(3)
  const stubs = seen.filter(({ line }) => 'kind' in line && line.kind === 'stub')
  expect(stubs.map(({ line }) => 'record' in line && line.record)).toEqual([
    { nomor_kartu_keluarga: '3174010101999999' },
  ])
})
