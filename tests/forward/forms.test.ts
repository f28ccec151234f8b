import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setImmediate } from 'node:timers/promises'
import { DuckDBInstance } from '@duckdb/node-api'
import { parse } from 'csv-parse/sync'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { GoldenLine } from '../../src/domain/golden.ts'
import { tableOf } from '../../src/forward/forms/columns.ts'
import { csvOf } from '../../src/forward/forms/csv.ts'
import { parquetOf } from '../../src/forward/forms/parquet.ts'
import { sequenceDeliveries } from '../../src/forward/sequence.sql.ts'
import { newId } from '../../src/io/ids.ts'
import { freshDatabase } from '../support/database.ts'
import { canonical, served } from './api.ts'
import { linkChunk } from './gateway.ts'

const PROVINCES = ['31', '32', '35', '51'] as const
const PARQUET = 'application/vnd.apache.parquet'

/** Families in four provinces, some of whose members have values that break careless CSV. */
function population(batch: `bat_${string}`): GoldenLine[] {
  const hostile = ['=1+1', '"kutip"', 'koma, titik', 'baris\nbaru', '@x', '-5', '\tTab', '🙂', "'sudah"]
  return PROVINCES.flatMap((province, p) =>
    Array.from({ length: 5 + p * 3 }, (_, i): GoldenLine[] => {
      const family = newId('fam')
      const common = { version: 1, origin: [], entries: [[batch, i + 2]] as [`bat_${string}`, number][] }
      const member = (n: number): GoldenLine => ({
        ...common,
        level: 'individu',
        subject: newId('per'),
        family,
        record: { nama: hostile[(i + n) % hostile.length] ?? '', umur: 20 + n, tanggal_lahir: '2001-02-03' },
        extensions: { carik: { catatan: 'bebas' } },
      })
      const place = {
        kode_provinsi: province,
        kode_kabupaten_kota: `${province}71`,
        kode_kecamatan: `${province}71010`,
      }
      const head: GoldenLine = {
        ...common,
        level: 'keluarga',
        subject: family,
        record: { ...place, alamat: `=HYPERLINK("${i}")`, jumlah_anggota_keluarga: i },
      }
      return [head, ...Array.from({ length: 1 + (i % 3) }, (__, n) => member(n))]
    }).flat(),
  )
}

async function duck(sql: string): Promise<unknown[][]> {
  const instance = await DuckDBInstance.create(':memory:')
  const connection = await instance.connect()
  try {
    const result = await connection.runAndReadAll(sql)
    return result.getRows().map((row) => row.map((value) => (typeof value === 'bigint' ? Number(value) : value)))
  } finally {
    connection.closeSync()
    instance.closeSync()
  }
}

describe('the forms of a delivery', () => {
  it('count the same persons by province in DuckDB, from CSV and from Parquet, as the NDJSON', async () => {
    await using db = await freshDatabase()
    await using api = await served(db.pool)
    const { delivery, lines } = await linkChunk(db.pool, 1, population)
    await sequenceDeliveries(db.pool)
    const path = `/v1/deliveries/${delivery}/records`
    const folder = await mkdtemp(join(tmpdir(), 'titian-forms-'))
    try {
      const bytes = async (level: string, accept: string) => {
        const answer = await api.get(`${path}?level=${level}`, { accept })
        expect([level, accept, answer.status]).toEqual([level, accept, 200])
        return Buffer.from(await answer.arrayBuffer())
      }
      const files = { csv: 'text/csv', parquet: PARQUET }
      const families = new Map(
        lines.flatMap((line) => (line.level === 'keluarga' ? [[line.subject, line.record.kode_provinsi]] : [])) as [
          string,
          string,
        ][],
      )
      const told = Map.groupBy(
        lines.filter(({ level }) => level === 'individu'),
        (line) => families.get((line as { family: string }).family),
      )
      const truth = PROVINCES.map((province) => [province, told.get(province)?.length ?? 0])
      for (const [ending, accept] of Object.entries(files)) {
        const [persons, homes] = [await bytes('individu', accept), await bytes('keluarga', accept)]
        expect((await bytes('individu', accept)).equals(persons)).toBe(true)
        await writeFile(join(folder, `individu.${ending}`), persons)
        await writeFile(join(folder, `keluarga.${ending}`), homes)
        const read = (level: string) =>
          ending === 'csv'
            ? `read_csv('${folder}/${level}.csv', all_varchar = true)`
            : `read_parquet('${folder}/${level}.parquet')`
        const direct = await duck(`select kode_provinsi, count(*) from ${read('individu')} group by 1 order by 1`)
        const joined = await duck(`select k.kode_provinsi, count(*) from ${read('individu')} i
          join ${read('keluarga')} k on k.titian_subject = i.titian_family group by 1 order by 1`)
        expect([ending, direct, joined]).toEqual([ending, truth, truth])
        const names = await duck(`select titian_subject, nama from ${read('individu')} order by 1`)
        const mark = (name: string) => (ending === 'csv' && /^[=+\-@\t\r]/.test(name) ? `'${name}` : name)
        const expected = lines.flatMap(({ level, subject, record }) =>
          level === 'individu' ? [[subject, mark(String(record.nama))]] : [],
        )
        expect(names).toEqual(expected.sort(([a], [b]) => (String(a) < String(b) ? -1 : 1)))
      }
      const types = await duck(
        `select column_name, column_type from (describe select umur, tanggal_lahir, nomor_induk_kependudukan, titian_version from read_parquet('${folder}/individu.parquet'))`,
      )
      expect(types).toEqual([
        ['umur', 'BIGINT'],
        ['tanggal_lahir', 'VARCHAR'],
        ['nomor_induk_kependudukan', 'VARCHAR'],
        ['titian_version', 'BIGINT'],
      ])
    } finally {
      await rm(folder, { recursive: true })
    }
  })

  it('are asked for by Accept and level, and by nothing that could be meant otherwise', async () => {
    await using db = await freshDatabase()
    await using api = await served(db.pool)
    const { delivery } = await linkChunk(db.pool)
    await sequenceDeliveries(db.pool)
    const path = `/v1/deliveries/${delivery}/records`
    const asked: [string, string, number][] = [
      ['', '*/*', 200],
      ['?level=individu', 'text/csv', 200],
      ['?level=keluarga', 'text/csv;q=0.5, application/x-ndjson;q=0.1', 200],
      ['', 'text/csv', 400],
      ['', PARQUET, 400],
      ['?level=individu', 'application/x-ndjson', 400],
      ['?level=rumah', 'text/csv', 400],
      ['?level=individu', 'application/pdf', 406],
    ]
    for (const [query, accept, status] of asked)
      expect([query, accept, (await api.get(path + query, { accept })).status]).toEqual([query, accept, status])
    const packed = await api.get(`${path}?level=individu`, { accept: 'text/csv', 'accept-encoding': 'zstd' })
    expect(packed.headers.get('content-encoding')).toBe('zstd')
    expect(await packed.text()).toMatch(/^nomor_induk_kependudukan,nomor_kartu_keluarga,nama,/)
  })
})

describe('a table of a delivery', () => {
  const line = { subject: 'per_1', level: 'individu', version: 3 } as const

  it('begins with the columns of DTSEN, in their order', () => {
    const names = tableOf([], 'keluarga', canonical).map(({ name }) => name)
    expect(names.slice(0, 11)).toEqual([
      'kode_provinsi',
      'provinsi',
      'kode_kabupaten_kota',
      'kabupaten_kota',
      'kode_kecamatan',
      'kecamatan',
      'kode_kelurahan_desa',
      'kelurahan_desa',
      'alamat',
      'nomor_kartu_keluarga',
      'jumlah_anggota_keluarga',
    ])
  })

  it('keeps what has no column, and what does not fit one, in its last', () => {
    const strange = { ...line, record: { nama: 'A', umur: 'dua', lain: 'x' }, origin: [{ platform: 'p' }] }
    const table = new Map(tableOf([strange], 'individu', canonical).map(({ name, values }) => [name, values[0]]))
    expect([table.get('nama'), table.get('umur'), table.get('titian_version')]).toEqual(['A', undefined, 3])
    expect(JSON.parse(String(table.get('titian_rest')))).toEqual({
      record: { umur: 'dua', lain: 'x' },
      origin: [{ platform: 'p' }],
    })
  })

  it('takes the region of the line before that of the family', () => {
    const table = tableOf([{ ...line, region: { bps: '3174010' } }], 'individu', canonical)
    const codes = table.filter(({ name }) => /^kode_(provinsi|kabupaten_kota|kecamatan|kelurahan_desa)$/.test(name))
    expect(codes.map(({ values }) => values[0])).toEqual(['31', '3174', '3174010', undefined])
  })

  it('comes back from CSV as it was, whatever the texts, but for the mark before a formula', () => {
    fc.assert(
      fc.property(fc.array(fc.string({ unit: 'grapheme', minLength: 1 }), { maxLength: 20 }), (texts) => {
        const columns = tableOf(
          texts.map((nama) => ({ ...line, record: { nama } })),
          'individu',
          canonical,
        )
        const rows = parse(csvOf(columns), { columns: true }) as Record<string, string>[]
        expect(rows.map(({ nama }) => nama?.replace(/^'(?=[=+\-@\t\r])/, ''))).toEqual(
          texts.map((text) => text.replace(/^'(?=[=+\-@\t\r])/, '')),
        )
      }),
    )
  })

  it('of no rows is a table all the same', async () => {
    expect(
      csvOf(tableOf([], 'individu', canonical))
        .toString()
        .split('\r\n'),
    ).toHaveLength(2)
    const none = await parquetOf(tableOf([], 'individu', canonical), setImmediate)
    expect(none.subarray(0, 4).toString()).toBe('PAR1')
  })
})
