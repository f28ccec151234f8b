import { gzipSync, zstdCompressSync } from 'node:zlib'
import { describe, expect, it } from 'vitest'
import { unpack } from '../../src/intake/formats/unpack.ts'
import { bytesOf, fieldsOf, judge, judgeText, told } from './judge.ts'

const P3KE = 'p3ke-individu'

describe('an unpaired quote', () => {
  it('is told at its line, and so is the other one: nobody vanishes between them', async () => {
    const entries = await judge('01.p3ke.csv', P3KE)
    expect(told(entries)).toEqual(['2; rejected; csv-quote', '3; rejected; csv-quote'])
  })

  it('leaves the rows between two of them as they are, with a warning', async () => {
    const [header, open = '', close = ''] = (await bytesOf('01.p3ke.csv')).toString().split('\n')
    const between = ['1', '2'].map((n) => open.replaceAll('31759901000', `3175990${n}000`).replace('"', ''))
    const entries = await judgeText([header, open, ...between, close, between[0]].join('\n'), P3KE)
    expect(told(entries).map((line) => line.split('; ').slice(0, 3).join('; '))).toEqual([
      '2; rejected; csv-quote',
      '3; accepted; csv-near-quote',
      '4; accepted; csv-near-quote',
      '5; rejected; csv-quote',
      '6; accepted',
    ])
  })

  it('in the last column of one row and the first of the next makes no row of two', async () => {
    const [header, one = '', two = ''] = (await bytesOf('34a.csv')).toString().split('\n')
    const entries = await judgeText([header, `${one.slice(0, -4)}"2025`, `"${two}`].join('\n'), P3KE)
    expect(told(entries)).toEqual(['2; rejected; csv-quote', '3; rejected; csv-quote'])
  })
})

describe('line ends', () => {
  it.for([
    ['03.mac.csv', P3KE],
    ['03.mac.ndjson', 'carik'],
  ] as const)('of old Mac files are read: %s', async ([file, dataset]) => {
    const entries = await judge(file, dataset)
    expect(entries.map(({ verdict }) => verdict)).toEqual(Array(5).fill('accepted'))
    expect(fieldsOf(entries, 'nama')).toEqual(['SUTARMI', 'WAGIMAN', 'ROKAYAH', 'DARMAJI', 'KASMINAH'])
  })

  it('with an end mark behind them are no entry', async () => {
    expect(told(await judge('03.dos.csv', P3KE))).toEqual(['2; accepted'])
    const text = (await bytesOf('05.ndjson')).toString()
    expect(fieldsOf(await judgeText(`${text}\x1a`, 'carik'), 'nama')).toEqual(['SUTARMI', 'WAGIMAN'])
  })
})

describe('what a spreadsheet leaves', () => {
  it('as rows without a value is no entry', async () => {
    expect(told(await judge('04.csv', P3KE))).toEqual(['2; accepted'])
  })

  it('as empty columns is named once', async () => {
    expect(told(await judge('04.columns.csv', P3KE))).toEqual(['2; accepted; csv-columns-nameless'])
  })

  it('as a line that tells the delimiter is passed over', async () => {
    expect(told(await judge('extra-sep.csv', P3KE))).toEqual(['3; accepted'])
    const other = (await bytesOf('extra-sep.csv')).toString().replace('sep=,', 'sep=;')
    await expect(judgeText(other, P3KE)).rejects.toMatchObject({
      code: 'csv-header',
      places: [{ pointer: '/header/0', code: 'separator-differs' }],
    })
  })

  it('of numbers is damage beyond 2^53, and a code all the same', async () => {
    const entries = await judge('07.csv', 'dtks-individu')
    expect(told(entries)).toEqual([
      '2; accepted; nik-excel /NIK',
      '3; accepted; nik-repaired /NIK; kk-repaired /NoKK; code-repaired /JnsKel; code-repaired /Hubkel; code-repaired /Sta_kawin',
    ])
    for (const [field, values] of [
      ['nomor_induk_kependudukan', [undefined, '3175096008700970']],
      ['jenis_kelamin', ['1', '2']],
      ['status_hubungan_keluarga', ['1', '1']],
      ['status_kawin', ['2', '2']],
      ['umur', [35, 54]],
    ] as const)
      expect([field, fieldsOf(entries, field)]).toEqual([field, values])
  })

  it('of numbers does not keep a condition from being met, nor a village from being found', async () => {
    const text = (await bytesOf('07.csv')).toString().split('\n').slice(0, 2).join('\n')
    const touched = text
      .replace(',31,72,020,004,', ',31.0,72.0,20.0,4.0,')
      .replace(',5,,0,0,2,4,8,2,2,', ',5.0,,0.0,0.0,2.0,4.0,8.0,2.0,2.0,')
    expect(touched).not.toBe(text)
    const [plain, floats] = [await judgeText(text, 'dtks-individu'), await judgeText(touched, 'dtks-individu')]
    expect(floats[0]?.records[0]?.fields).toEqual(plain[0]?.records[0]?.fields)
    expect(floats[0]?.records[0]?.extensions?.kode_kelurahan_desa).toBe('3172020004')
    expect(told(floats)[0]).toContain('code-repaired /KDPROP')
  })

  it('in a formula that keeps digits is read, and told', async () => {
    const text = (await bytesOf('34a.csv')).toString().split('\n').slice(0, 2).join('\n')
    const written = text.replace('3175094201701801', '="3175094201701801"')
    const entries = await judgeText(written, P3KE)
    expect(told(entries)).toEqual(['2; accepted; text-formula /nik'])
    expect(fieldsOf(entries, 'nomor_induk_kependudukan')).toEqual(['3175094201701801'])
    const json = (await bytesOf('05.ndjson')).toString('utf8', 3).split('\n')[0] ?? ''
    const [entry] = await judgeText(json.replace('"3175096005700950"', '"=\\"3175096005700950\\""'), 'carik')
    expect(entry?.findings).toContainEqual({ code: 'text-formula', severity: 'warning', path: '/anggota/0/nik' })
    expect(entry?.records[1]?.fields.nomor_induk_kependudukan).toBe('3175096005700950')
  })
})

describe('files that were joined', () => {
  it('have headers inside, which are told and are no person', async () => {
    const entries = await judge('05.csv', P3KE)
    expect(told(entries)).toEqual(['2; accepted', '3; rejected; csv-header-again', '4; accepted'])
    expect(entries[1]?.key).toBeNull()
  })

  it('have byte order marks inside, behind which the records are read', async () => {
    const entries = await judge('05.ndjson', 'carik')
    expect(entries.map(({ verdict }) => verdict)).toEqual(['accepted', 'accepted'])
    expect(told(entries)[1]).toContain('2; accepted; mark-inside')
  })

  it('are judged by line where their encodings differ', async () => {
    const [header = '', first = ''] = (await bytesOf('../../samples/sumedang/sumedang.csv'))
      .toString('utf8', 3)
      .split('\n')
    const columns = header.split(';')
    const row = (name: string, key: string) => {
      const cells = first.split(';')
      cells[columns.indexOf('nama')] = name
      cells[columns.indexOf('no_data')] = key
      return cells.join(';')
    }
    // In Latin-1 each of these signs is one byte: the second name is UTF-8, the third line is both.
    const file = [header, row('NO\xcbL', '1'), row('NO\xc3\x8bL', '2'), row('NO\xcbL \xc3\x8b', '3')].join('\n')
    const entries = await judgeText(Buffer.from(file, 'latin1'), 'sumedang', 'sumedang')
    expect(fieldsOf(entries, 'nama')).toEqual(['NOËL', 'NOËL'])
    expect(told(entries)[2]).toBe('4; rejected; encoding-doubtful')
  })
})

describe('JSON that is not one object a line', () => {
  it('is read when it is printed over lines, or one array', async () => {
    const lines = (await bytesOf('05.ndjson')).toString().replaceAll('\ufeff', '').trim().split('\n')
    const families = lines.map((line) => JSON.parse(line) as object)
    const names = ['SUTARMI', 'WAGIMAN']
    for (const text of [
      families.map((family) => JSON.stringify(family, null, 2)).join('\n'),
      JSON.stringify(families),
      JSON.stringify(families, null, '\t'),
      `${lines[0]}\n${JSON.stringify(families[1], null, 2)}`,
    ])
      expect(fieldsOf(await judgeText(text, 'carik'), 'nama')).toEqual(names)
  })

  it('costs a record that is cut off itself alone', async () => {
    const lines = (await bytesOf('05.ndjson')).toString().replaceAll('\ufeff', '').trim().split('\n')
    const entries = await judgeText(`${lines[0]?.slice(0, 300)}\n${lines[1]}`, 'carik')
    expect(entries.map(({ line, verdict }) => [line, verdict])).toEqual([
      [1, 'rejected'],
      [2, 'accepted'],
    ])
  })
})

describe('an instant', () => {
  it('is the day that the zone had, also before 1964', async () => {
    const entries = await judge('11.ndjson', 'smart-kampung', 'smart-kampung-banyuwangi')
    expect(fieldsOf(entries, 'tanggal_lahir')).toEqual(['1949-01-15', '1955-06-15', '1960-01-01', '1963-12-31'])
  })

  it('at midnight of another zone is told', async () => {
    const [line = ''] = (await bytesOf('11.ndjson')).toString().split('\n')
    const east = line.replace('1949-01-14T16:00:00.000Z', '1990-05-09T15:00:00.000Z')
    const [entry] = await judgeText(east, 'smart-kampung', 'smart-kampung-banyuwangi')
    expect(entry?.findings).toContainEqual({ code: 'date-not-midnight', severity: 'warning', path: '/tglLahir' })
  })
})

describe('a packed file', () => {
  it('of several members is read whole, with zeros behind them', async () => {
    expect((await judge('17.ndjson.gz', 'carik')).map(({ verdict }) => verdict)).toEqual(Array(3).fill('accepted'))
  })

  it('of several zstd frames is read whole', async () => {
    const frames = Buffer.concat([zstdCompressSync('{"a":1}\n'), zstdCompressSync('{"a":2}\n')])
    const pieces: Buffer[] = []
    for await (const piece of unpack(once(frames), 'zstd')) pieces.push(piece)
    expect(Buffer.concat(pieces).toString()).toBe('{"a":1}\n{"a":2}\n')
    await expect(drain(unpack(once(Buffer.concat([gzipSync('x'), Buffer.from('y')])), 'gzip'))).rejects.toMatchObject({
      code: 'body-broken',
    })
  })
})

async function* once(bytes: Buffer): AsyncGenerator<Buffer> {
  yield bytes
}

async function drain(pieces: AsyncIterable<Buffer>): Promise<void> {
  for await (const _piece of pieces);
}
