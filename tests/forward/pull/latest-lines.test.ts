import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { latestLines, placeOfLine } from '../../../src/forward/pull/latest-lines.ts'

type Told = { subject: string; level: 'individu'; version: number; kind?: string; merged?: string[] }
const line = (n: number, version: number, more: Partial<Told> = {}): Told => ({
  subject: `per_${String(n).padStart(26, '0')}`,
  level: 'individu',
  version,
  ...more,
})

/** What stands of lines that were told in this order, whatever the number of parts. */
function standing(told: readonly Told[], parts: number): string[] {
  const found = Array.from({ length: parts }, (_, part) => {
    const stands = latestLines<Told>(part, parts)
    return told.toReversed().filter((one) => stands(one))
  })
  return found
    .flat()
    .map(({ subject, version }) => `${Number(subject.slice(4))}:${version}`)
    .sort()
}

describe('the lines that stand', () => {
  it('are the last of each subject', () => {
    expect(standing([line(1, 1), line(2, 1), line(1, 2)], 1)).toEqual(['1:2', '2:1'])
  })

  it('are none of a subject that was withdrawn, that ended in another, or that another names', () => {
    const told = [line(1, 1), line(2, 1), line(3, 1), line(4, 1)]
    const ends = [
      line(1, 2, { kind: 'withdrawn' }),
      line(2, 2, { kind: 'merged' }),
      line(4, 2, { merged: [line(3, 0).subject] }),
    ]
    expect(standing([...told, ...ends], 1)).toEqual(['4:2'])
  })

  it('are one of a subject that came back', () => {
    const told = [line(1, 1), line(2, 1), line(1, 2, { merged: [line(2, 0).subject] }), line(2, 3)]
    expect(standing(told, 1)).toEqual(['1:2', '2:3'])
  })

  it('are the same in one part and in many', () => {
    const lines = fc.array(
      fc.record({ n: fc.nat(6), kind: fc.constantFrom('golden', 'withdrawn', 'merged'), other: fc.option(fc.nat(6)) }),
      { maxLength: 30 },
    )
    fc.assert(
      fc.property(lines, fc.integer({ min: 2, max: 5 }), (given, parts) => {
        const told = given.map(({ n, kind, other }, at) =>
          line(n, at + 1, { kind, ...(other !== null && other !== n && { merged: [line(other, 0).subject] }) }),
        )
        expect(standing(told, parts)).toEqual(standing(told, 1))
      }),
    )
  })
})

it('a line is where its region says, else where the codes of its record say', () => {
  expect(placeOfLine({ region: { bps: '3174010' }, record: { kode_provinsi: '51' } })).toBe('3174010')
  expect(placeOfLine({ record: { kode_provinsi: '31', kode_kabupaten_kota: '3174' } })).toBe('3174')
  expect(placeOfLine({ record: {} })).toBe('')
})
