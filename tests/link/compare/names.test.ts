import { describe, expect, it } from 'vitest'
import { foldName } from '../../../src/link/compare/names.ts'

describe('folding', () => {
  it.each([
    ['SOEKARNO', 'SUKARNO'],
    ['Moch. Rizky Pratama', 'MUHAMAD RISKI PRATAMA'],
    ['M. ALI', 'MUHAMAD ALI'],
    ['ALI M', 'ALI M'],
    ['H. ABD. RACHMAN, S.E.', 'ABDUL RAKMAN'],
    ['DRS. H. SUPARMAN, M.Pd.', 'SUPARMAN'],
    ['Dr. Ir. SETIAWAN ST MT', 'SETIAWAN'],
    ['ST. AMINAH', 'SITI AMINAH'],
    ["MA'RUF", 'MARUP'],
    ['Supriyadi', 'SUPRIADI'],
    ['SOEPRIADIE', 'SUPRIADI'],
    ['TJOKRO', 'COKRO'],
    ['NJOMAN', 'NIOMAN'],
    ['I MADE SUARTA', 'I MADE SUARTA'],
    ['NI LUH PUTU SARI', 'NI LUH PUTU SARI'],
    ['CUT NYAK DHIEN', 'CUT NIAK DIN'],
    ['ANDI MALLARANGENG', 'ANDI MALARANGENG'],
    ['H', 'H'],
    ['José Ñandú', 'JOSE NANDU'],
  ])('reads %s as %s', (name, folded) => {
    expect(foldName(name).words.join(' ')).toBe(folded)
  })

  it("keeps the father's name apart", () => {
    expect(foldName('HJ. SITI AISJAH BINTI UMAR')).toEqual({
      words: ['SITI', 'AISAH'],
      father: ['UMAR'],
      isLate: false,
    })
  })

  it('marks the deceased', () => {
    expect(foldName('ALM. SLAMET RIYADI')).toEqual({ words: ['SLAMET', 'RIADI'], father: [], isLate: true })
  })
})
