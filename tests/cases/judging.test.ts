import { describe, expect, it } from 'vitest'
import { bytesOf, fieldsOf, judge, judgeText, told } from './judge.ts'

const KAMPUNG = ['smart-kampung', 'smart-kampung-banyuwangi'] as const
const P3KE = 'p3ke-individu'

/** A person of Banyuwangi, changed. */
async function person(change: Record<string, unknown>): Promise<string> {
  const [line = ''] = (await bytesOf('11.ndjson')).toString().split('\n')
  return JSON.stringify({ ...JSON.parse(line), tglLahir: '1987-03-12T00:00:00+07:00', jk: 1, ...change })
}

describe('a placeholder', () => {
  it('is no name', async () => {
    const entries = await judge('31.ndjson', ...KAMPUNG)
    expect(entries).toHaveLength(18)
    for (const { verdict, findings } of entries) {
      expect(verdict).not.toBe('accepted')
      expect(findings.map(({ code }) => code)).toContain('name-placeholder')
    }
  })

  it.for([
    'None',
    'nan',
    'NaN',
    'n/a',
    '<null>',
    'undefined',
    'Hamba Allah',
    'Mr. X',
    'ANONYMOUS',
    'XXX',
    'X',
    'N.N.',
    'Tanpa Nama',
    'NO NAME',
    'TEST',
    '(kosong)',
  ])('such as %s is no name beside a NIK either', async (namaLengkap) => {
    const [entry] = await judgeText(await person({ namaLengkap, nik: '3510245203870001' }), ...KAMPUNG)
    expect([
      entry?.verdict,
      entry?.findings.filter(({ path }) => path === '/namaLengkap').map(({ code }) => code),
    ]).toEqual(['held', ['name-placeholder', 'name-missing']])
  })

  it('that a spreadsheet left is told as its error', async () => {
    const [entry] = await judgeText(await person({ namaLengkap: '#N/A', nik: '3510245203870001' }), ...KAMPUNG)
    expect([
      entry?.verdict,
      entry?.findings.filter(({ path }) => path === '/namaLengkap').map(({ code }) => code),
    ]).toEqual(['held', ['text-cell-error', 'name-missing']])
  })

  it('is a name where a NIK proves it, or with another word', async () => {
    const proven = { nik: '3510241203870001', jk: 1 }
    for (const [namaLengkap, more] of [
      ['NAN', proven],
      ['NONE', proven],
      ['NULLAH', {}],
      ['NAN SURYATI', {}],
      ['ABDULLAH', {}],
      ['TESSA', {}],
      ['Anona', {}],
      ['NURALLAH', {}],
    ] as const) {
      const [entry] = await judgeText(await person({ namaLengkap, ...more }), ...KAMPUNG)
      const [name] = fieldsOf(entry === undefined ? [] : [entry], 'nama')
      expect(name ?? told(entry === undefined ? [] : [entry])).toBe(namaLengkap.toUpperCase())
    }
  })

  it('is no key and joins nobody', async () => {
    const [header, row = ''] = (await bytesOf('34a.csv')).toString().split('\n')
    const blank = (key: string) => row.replaceAll('317599340001', key).replace('31759934000101', key)
    const [entry] = await judgeText([header, blank('NULL')].join('\n'), P3KE)
    expect(entry?.key).not.toBe('NULL')
    expect(entry?.records[0]?.household).toBeUndefined()
  })
})

describe('a name whose letters a wrong encoding broke', () => {
  it.for(['NOÃ«L', 'MAâ€™RUF', 'ANDRÃ\u0089', 'NO\ufffdL', 'NO├½L', 'NO?L'])('is held: %s', async (namaLengkap) => {
    const [entry] = await judgeText(await person({ namaLengkap, nik: '3510245203870001' }), ...KAMPUNG)
    expect(entry?.verdict).toBe('held')
    expect(entry?.findings.map(({ code }) => code)).toContain('name-damaged')
  })
})

it('holds no family for the broken name of its head', async () => {
  const text = (await bytesOf('../../samples/carik-jakarta/p3ke-keluarga.csv')).toString().split('\n')
  const columns = (text[0] ?? '').trim().split(',')
  expect(columns).toContain('kepala_keluarga')
  const cells = columns.map(
    (name) => ({ id_keluarga_p3ke: '1', kode_kemdagri: '3175091004', kepala_keluarga: 'NOÃ«L' })[name] ?? '',
  )
  const [entry] = await judgeText([columns.join(','), cells.join(',')].join('\n'), 'p3ke-keluarga')
  expect(entry?.findings).toContainEqual({ code: 'name-damaged', severity: 'warning', path: '/kepala_keluarga' })
})

describe('the names of places', () => {
  it('are stronger than a code that all of them contradict, and yet not believed', async () => {
    const [entry] = await judge('33.csv', P3KE)
    expect(entry?.verdict).toBe('held')
    expect(entry?.findings).toContainEqual({
      code: 'region-names-contradict',
      severity: 'hold',
      path: '/kode_kemdagri',
    })
  })

  it('only warn when one of them differs', async () => {
    const text = (await bytesOf('34a.csv')).toString().split('\n').slice(0, 2).join('\n')
    for (const [from, to] of [
      ['SUSUKAN', 'SUSUKAN BARU'],
      ['CIRACAS', 'PASAR REBO'],
      ['JAKARTA TIMUR', 'JAKTIM'],
    ] as const) {
      const [entry] = await judgeText(text.replace(from, to), P3KE)
      expect([entry?.verdict, entry?.findings.map(({ code }) => code)]).toEqual(['accepted', ['region-name-differs']])
    }
  })
})

describe('a village that no list knows', () => {
  it.for([
    ['35.10.01.9999', ['region-unknown', 'region-out-of-scope'], 'held'],
    ['3510019999', ['region-unknown', 'region-out-of-scope'], 'held'],
    ['3175099999', ['region-unknown'], 'accepted'],
    ['9999999999', ['region-unknown'], 'accepted'],
  ] as const)('with the code %s is found %j', async ([code, codes, verdict]) => {
    const text = (await bytesOf('34a.csv')).toString().split('\n').slice(0, 2).join('\n')
    const [entry] = await judgeText(text.replace('3175091004', code), P3KE)
    expect([entry?.verdict, entry?.findings.map(({ code: found }) => found)]).toEqual([verdict, codes])
  })
})

describe('a key', () => {
  it('that stands twice in a file with other content is found as the push finds it', async () => {
    expect(told(await judge('34a.csv', P3KE))).toEqual(['2; accepted', '3; held; key-twice'])
    const [header, row] = (await bytesOf('34a.csv')).toString().split('\n')
    expect(told(await judgeText([header, row, row].join('\n'), P3KE))).toEqual(['2; accepted', '3; accepted'])
  })

  it.for(['3.18E+13', '31759934000101000.0', '317599340001010000'])('that lost digits is none: %s', async (written) => {
    const text = (await bytesOf('34a.csv')).toString().split('\n').slice(0, 2).join('\n')
    const [entry] = await judgeText(text.replace('31759934000101', written), P3KE)
    const said = entry?.findings.map(({ code, path }) => `${code} ${path}`)
    expect([entry?.verdict, said?.[0]]).toEqual(['held', 'key-damaged /id_individu'])
  })

  it('that is tidied is told', async () => {
    const text = (await bytesOf('34a.csv')).toString().split('\n').slice(0, 2).join('\n')
    for (const written of [' 31759934000101', '31759934000101.0']) {
      const [entry] = await judgeText(text.replace('31759934000101', written), P3KE)
      expect(entry?.key).toBe('31759934000101')
      expect(entry?.findings).toContainEqual({ code: 'key-tidied', severity: 'warning', path: '/id_individu' })
    }
  })
})
