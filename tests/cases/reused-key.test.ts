import { expect, it } from 'vitest'
import { input, openCase } from './desk.ts'

const DTKS = ['carik-jakarta', 'dtks-individu'] as const
const BY_NAME = { codes: ['key-reused'], reason: 'the region gave the number again' }
const reused = ({ told }: { told: string[] }) => told.filter((text) => text.includes('key-'))

it('holds another person under a key that is taken, and leaves the first as it was', async () => {
  await using one = await openCase(...DTKS)
  const first = await one.push(await input('08.sane.1.csv'))
  const second = await one.push(await input('08.sane.2.csv'))
  expect([first.counts, second.counts]).toEqual([{ new: 1 }, { held: 1 }])
  expect(reused(second)).toEqual(['2 hold key-reused '])
  const names = (await one.lines()).flatMap(({ record }) => record.nama ?? [])
  expect(names).toEqual(['SUTARMI'])
  expect(await one.gap()).toBe(0)
})

it('gives a released record a subject of its own, which the same record finds again', async () => {
  await using one = await openCase(...DTKS)
  const [sutarmi, wagiman] = [await input('08.sane.1.csv'), await input('08.sane.2.csv')]
  await one.push(sutarmi)
  const { id } = await one.push(wagiman)
  const kept = await one.release(id)
  expect([kept.counts, reused(kept)]).toEqual([{ held: 1 }, ['2 hold key-reused ']])
  const released = await one.release(id, BY_NAME)
  expect(released.counts).toEqual({ new: 1 })
  expect(reused(released)).toEqual(['2 warning key-reused '])
  const persons = (await one.lines()).filter(({ subject }) => subject.startsWith('per_'))
  expect(persons.map(({ version, record }) => [version, record.nama])).toEqual([
    [1, 'SUTARMI'],
    [1, 'WAGIMAN'],
  ])
  expect(new Set(persons.map(({ subject }) => subject)).size).toBe(2)
  const again = await one.push(wagiman)
  expect([again.counts, reused(again)]).toEqual([{ unchanged: 1 }, ['2 warning key-reused ']])
  const mended = await one.push(wagiman.toString().replace('WAGIMAN', 'WAGIMEN'))
  expect(mended.counts).toEqual({ updated: 1 })
  expect((await one.push(sutarmi)).counts).toEqual({ unchanged: 1 })
  expect(await one.gap()).toBe(0)
})

it.for([
  ['a mistyped name', (row: string) => row.replace('SUTARMI', 'SUTRAMI')],
  ['another name', (row: string) => row.replace('SUTARMI', 'MARYATI')],
  ['a corrected birth date', (row: string) => row.replace('10/02/1980', '12/03/1981')],
  ['a sex that was wrong', (row: string) => row.replace('SUTARMI,2', 'SUTARMI,1')],
  ['a NIK that was another one', (row: string) => row.replace('3175095002800950', '3175095002800123')],
  ['a NIK that comes later', (row: string) => row, (row: string) => row.replace('3175095002800950', '')],
  ['another family card and village', (row: string) => row.replace('3175094106130950', '3175094106139999')],
] as [string, (row: string) => string, ((row: string) => string)?][])(
  'takes %s as an update',
  async ([, mend, before = (row) => row]) => {
    await using one = await openCase(...DTKS)
    const row = (await input('08.sane.1.csv')).toString()
    await one.push(before(row))
    const update = await one.push(mend(row))
    expect([update.counts, reused(update)]).toEqual([{ updated: 1 }, []])
  },
)

it('holds who comes under a key that a spreadsheet damaged, and makes nobody of two', async () => {
  await using one = await openCase(...DTKS)
  const first = await one.push(await input('08.1.csv'))
  const second = await one.push(await input('08.2.csv'))
  for (const { counts, told } of [first, second]) {
    expect(counts).toEqual({ held: 1 })
    expect(told).toContainEqual(expect.stringContaining('hold key-damaged /IDARTBDT'))
  }
  expect(await one.lines()).toEqual([])
})

it('holds nearly every row of a region that numbers its rows anew, and replaces nobody', async () => {
  await using one = await openCase('jembrana', 'jembrana')
  const text = (await input('../../samples/jembrana/jembrana.csv')).toString()
  const [head = '', ...rows] = text.trim().split('\n').slice(0, 101)
  const numbered = (list: string[]) => [head, ...list.map((row, at) => row.replace(/^[^,]*/, `${at + 1}`))].join('\n')
  await one.push(numbered(rows))
  const shifted = await one.push(numbered([...rows.slice(7), ...rows.slice(0, 7)]))
  const held = shifted.counts.held ?? 0
  expect(held).toBeGreaterThan(90)
  expect(reused(shifted).filter((told) => told.includes('hold key-reused'))).toHaveLength(held)
  expect(shifted.gap).toBe(0)
})

it('holds another family under a key that is taken, and keeps the two apart once it is released', async () => {
  await using one = await openCase('carik-jakarta', 'carik')
  const text = (await input('34b.1.new.ndjson')).toString()
  const other = text
    .replaceAll('993400009', '880000007')
    .replace(/KLG-[0-9]+/, JSON.parse(text).id_keluarga)
    .replace('3175096405121810', '3175096405121977')
    .replace('3175090201801810', '3175090511711977')
    .replace('1980-01-02', '1971-11-05')
    .replace('DARMAJI', 'PONIRAN')
    .replace('3175094403821811', '3175095207741978')
    .replace('1982-03-04', '1974-07-12')
    .replace('KASMINAH', 'TUMINEM')
    .replace('JL. UJI NO. 1', 'JL. KENANGA NO. 77')
  expect(JSON.parse(other).id_keluarga).toBe(JSON.parse(text).id_keluarga)
  await one.push(text)
  const second = await one.push(other)
  expect([second.counts, reused(second)]).toEqual([{ held: 1 }, ['1 hold key-reused ']])
  expect((await one.release(second.id, BY_NAME)).counts).toEqual({ new: 1 })
  const lines = await one.lines()
  const families = lines.filter(({ subject }) => subject.startsWith('fam_'))
  expect(families.map(({ version, record }) => [version, record.alamat])).toEqual([
    [1, 'JL. UJI NO. 1'],
    [1, 'JL. KENANGA NO. 77'],
  ])
  const familyOf = (nama: string) => lines.find(({ record }) => record.nama === nama)?.family
  expect([familyOf('DARMAJI'), familyOf('TUMINEM')]).toEqual(families.map(({ subject }) => subject))
  expect(await one.gap()).toBe(0)
})

it('takes a family that moves with a new card and a new head for the same, if a member stays', async () => {
  await using one = await openCase('carik-jakarta', 'carik')
  const text = (await input('34b.1.new.ndjson')).toString()
  const family = JSON.parse(text)
  await one.push(text)
  const [head, wife] = family.anggota
  const widow = {
    ...family,
    no_kk: '3175096405121977',
    alamat: 'JL. KENANGA NO. 77',
    anggota: [{ ...wife, hubungan: 'Kepala Keluarga' }],
  }
  expect(head.nama).toBe('DARMAJI')
  expect((await one.push(`${JSON.stringify(widow)}\n`)).counts).toEqual({ updated: 1 })
})
