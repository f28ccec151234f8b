import { describe, expect, it } from 'vitest'
import { compareBridges, mergeBridges } from '../../../src/clean/regions/bridge-compare.ts'
import { type Place, readPlaces, writePlaces } from '../../../src/clean/regions/places.ts'

const place = (bps: string, kemendagri: string, name: string, period: string, bpsName = name): Place => ({
  bps,
  kemendagri,
  name,
  bpsName,
  otherNames: [],
  period,
})
const BEFORE = [
  place('3404010001', '34.04.01.2001', 'Sumber Rahayu', '', ''),
  place('3404010002', '34.04.01.2002', 'Sumberarum', '', ''),
  place('3404010003', '34.04.01.2003', 'Sumbersari', '', ''),
  place('3404020001', '34.04.02.2001', 'Sendangagung', '', ''),
]
const AFTER = [
  place('3404010001', '34.04.01.2001', 'SUMBERRAHAYU', '2025_2.2025'),
  place('3404010002', '34.04.01.2009', 'SUMBER ARUM', '2025_2.2025'),
  place('3404010004', '34.04.01.2004', 'SUMBERAGUNG', '2025_2.2025', 'SUMBER AGENG'),
]

describe('a new list of the bridge', () => {
  it('is compared with the one before, below the parents it is about', () => {
    expect(compareBridges(BEFORE, AFTER, 'desa')).toEqual({
      added: [{ bps: '3404010004', after: 'SUMBERAGUNG' }],
      gone: [{ bps: '3404010003', before: 'Sumbersari' }],
      renamed: [],
      repaired: [{ bps: '3404010002', before: '34.04.01.2002', after: '34.04.01.2009' }],
    })
    expect(compareBridges(BEFORE, [place('3404010001', '34.04.01.2001', 'MULYO', 'x')], 'desa').renamed).toEqual([
      { bps: '3404010001', before: 'Sumber Rahayu', after: 'MULYO' },
    ])
  })

  it('keeps earlier periods, known spellings, and the spelling of BPS where it differs', () => {
    const merged = mergeBridges(BEFORE, AFTER)
    expect(merged.map(({ bps, name, bpsName, period }) => [bps, name, bpsName, period])).toEqual([
      ['3404010001', 'Sumber Rahayu', '', ''],
      ['3404010001', 'Sumber Rahayu', '', '2025_2.2025'],
      ['3404010002', 'Sumberarum', '', ''],
      ['3404010002', 'Sumberarum', '', '2025_2.2025'],
      ['3404010003', 'Sumbersari', '', ''],
      ['3404010004', 'SUMBERAGUNG', 'SUMBER AGENG', '2025_2.2025'],
      ['3404020001', 'Sendangagung', '', ''],
    ])
    expect(mergeBridges(merged, AFTER)).toEqual(merged)
    expect(readPlaces(writePlaces(merged))).toEqual(merged)
  })

  it('survives names with commas and quotes', () => {
    const odd = [{ ...place('1', '2', 'A, "B"', ''), otherNames: ['C', 'D, E'] }]
    expect(readPlaces(writePlaces(odd))).toEqual(odd)
  })
})
