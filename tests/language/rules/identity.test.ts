import { describe, expect, it } from 'vitest'
import type { Finding } from '../../../src/domain/finding.ts'
import { GeneratedCode } from '../../../src/language/rules/generated-code.ts'
import { compiled, everything } from './book.ts'

const check = compiled.forDataset(
  everything,
  false,
  (_, field) => `/${field}`,
  new GeneratedCode('test').under('rules'),
)
const LOOKED_AT = /^(NIK|TGL|NAMA|KK)-/

function codesOf(fields: Record<string, string>): string[] {
  const findings: Finding[] = []
  check([{ level: 'individu', key: '', path: '', fields }], '2025-06-30', findings)
  return findings.map(({ code }) => code).filter((code) => LOOKED_AT.test(code))
}

const WOMAN = { jenis_kelamin: '2', tanggal_lahir: '1990-05-03' }

describe('a NIK', () => {
  it.for([
    ['of the person', '3510024305900001', []],
    ['of the old numbering of Papua', '9710024305900001', []],
    ['of no province', '2210024305900001', ['NIK-06']],
    ['with day 40', '3510024005900001', ['NIK-07', 'NIK-09']],
    ['with day 72', '3510027205900001', ['NIK-07']],
    ['with month 13', '3510024313900001', ['NIK-07']],
    ['with 29 February of a common year', '3510026902910001', ['NIK-07']],
    ['of another birth date', '3510024405900001', ['NIK-08']],
    ['of a man', '3510020305900001', ['NIK-09']],
    ['with day and month exchanged', '3510024503900001', ['NIK-08', 'TGL-07']],
  ] as const)('%s gives these warnings', ([, nik, codes]) => {
    expect(codesOf({ ...WOMAN, nomor_induk_kependudukan: nik }).sort()).toEqual([...codes].sort())
  })

  it('tells nothing of the century', () => {
    expect(
      codesOf({ jenis_kelamin: '1', tanggal_lahir: '1925-01-02', nomor_induk_kependudukan: '3510020201250001' }),
    ).toEqual(['TGL-04'])
    expect(
      codesOf({ jenis_kelamin: '1', tanggal_lahir: '2025-01-02', nomor_induk_kependudukan: '3510020201250001' }),
    ).toEqual([])
  })
})

describe('a name', () => {
  it.for([
    ['SUKARNO', []],
    ["H. MA'RUF AL-AMIN, S.E.", []],
    ['I GUSTI AYU NGURAH (ALM)', []],
    ['JOSÉ DA COSTA', []],
    ['ANAK AGUNG GEDE', []],
    ['BAYI', ['NAMA-04']],
    ['BY NY SULASTRI', ['NAMA-04']],
    ['TEST 123', ['NAMA-03', 'NAMA-04']],
    ['S1TI', ['NAMA-03']],
    ['SITI_AMINAH', ['NAMA-03']],
    ['A'.repeat(61), ['NAMA-02']],
  ] as const)('%j gives these warnings', ([nama, codes]) => {
    expect(codesOf({ nama })).toEqual([...codes])
  })
})
