import { describe, expect, it } from 'vitest'
import { toResultCsv } from '../../../src/results/returned/returned-csv.ts'
import type { ReturnedResult } from '../../../src/results/returned/returned-shape.ts'

const RESULT: ReturnedResult = {
  dataset: 'contoh',
  key: '=KUNCI',
  level: 'individu',
  subject: 'per_00000000000000000000000000',
  version: '2026-Q3',
  as_of: '2026-09-30',
  returned_at: '2026-10-01T00:00:00.000Z',
  status: 'active',
  reason: null,
  reason_text: null,
  dukcapil: 'match',
  deciles: [{ level: 'province', value: 3, version: '2026-Q3', period: '2026-Q3' }],
  memberships: [{ programme: 'pkh', from: '2026-01-01', to: null }],
  corrections: [
    { field: 'nama', value: 'A;B "C"', reason: 'x', reason_text: 'x', own: [{ column: 'NAMA', value: 'A;B "C"' }] },
    {
      field: 'umur',
      value: 4,
      reason: 'x',
      reason_text: 'x',
      own: null,
      no_way_back: 'inferred',
      no_way_back_text: 'disimpulkan',
    },
  ],
  mend: [],
  same_as: [{ dataset: 'lain', key: 'K2' }],
}

describe('results as CSV', () => {
  it('stand under the own columns of the dataset, beside what has none, and run nothing in a spreadsheet', () => {
    const text = toResultCsv([RESULT], { delimiter: ';', columns: ['KODE', 'NAMA', 'ALAMAT'], keyColumn: 'KODE' })
    const [head = '', row = '', end] = text.split('\r\n')
    expect(end).toBe('')
    expect(head.split(';').slice(-3)).toEqual(['KODE', 'NAMA', 'ALAMAT'])
    expect(row).toContain(`'=KUNCI;"A;B ""C""";`)
    expect(row).toContain('umur=4 (disimpulkan)')
    expect(row).toContain('pkh 2026-01-01..')
    expect(row).toContain('lain/K2')
    expect(head.split(';').indexOf('hasil_desil_provinsi')).toBe(row.split(';').indexOf('3'))
  })
})
