import { parse } from 'csv-parse/sync'
import { describe, expect, it } from 'vitest'
import { dictionaryCsv, dictionaryOf } from '../../../src/catalogue/dictionary/dictionary.ts'
import { tableOf } from '../../../src/forward/forms/columns.ts'
import { compileWith } from '../registry-under-test.ts'

const { canonical } = compileWith({}).registry
const dictionary = dictionaryOf(canonical)

describe('the data dictionary', () => {
  it.for(['keluarga', 'individu'] as const)('explains every column of the tables of %s, in their order', (level) => {
    const fields = dictionary.fields.filter((field) => field.level === level).map(({ name }) => name)
    const columns = tableOf([], level, canonical).map(({ name }) => name)
    expect(columns.slice(0, fields.length)).toEqual(fields)
    const region = /^kode_(provinsi|kabupaten_kota|kecamatan|kelurahan_desa)$/
    const own = columns.slice(fields.length).filter((name) => !region.test(name))
    expect(own).toEqual(dictionary.columns.map(({ name }) => name))
  })

  it('names each field and each code in both languages, and the question where there is one', () => {
    const gaps = dictionary.fields.flatMap(({ key, label, codelist, codes }) => {
      const isWhole = label.id !== '' && label.en !== '' && (codelist === null || codes.length > 0)
      return isWhole && codes.every((code) => code.label.id !== '' && code.label.en !== '') ? [] : [key]
    })
    expect(gaps).toEqual([])
    expect(dictionary.fields.find(({ key }) => key === 'individu.kd_punya_kartuid')?.question).toBe('411')
    const order = dictionary.fields.flatMap(({ level, dtsen_order }) =>
      level === 'individu' ? (dtsen_order ?? []) : [],
    )
    expect(order).toEqual(order.map((_, at) => at + 1))
  })

  it('is a CSV of one row a field, and one a code', () => {
    const rows = parse(dictionaryCsv(dictionary), { columns: true }) as Record<string, string>[]
    expect(rows).toHaveLength(dictionary.fields.reduce((sum, { codes }) => sum + Math.max(1, codes.length), 0))
    const sex = rows.filter(({ key }) => key === 'individu.jenis_kelamin')
    expect(sex.map(({ code, code_en }) => [code, code_en])).toEqual([
      ['1', 'Male'],
      ['2', 'Female'],
    ])
  })
})
