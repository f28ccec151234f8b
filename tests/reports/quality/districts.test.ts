import { expect, it } from 'vitest'
import { judgeDistricts } from '../../../src/reports/quality/districts.ts'

const SCOPE = [
  { bps: '5101010', name: 'Melaya', regency: 'Kabupaten Jembrana' },
  { bps: '5101020', name: 'Negara', regency: 'Kabupaten Jembrana' },
]

it('judges every district of a scope, also one that nothing came from, and what lies outside last', () => {
  const judged = judgeDistricts(SCOPE, [
    { district: '3510010', entries: 2, found: 2 },
    { district: '5101020', entries: 8, found: 2 },
  ])
  expect(judged.map(({ name, entries, share }) => [name, entries, share])).toEqual([
    ['Melaya', 0, null],
    ['Negara', 8, 0.75],
    ['3510010', 2, 0],
  ])
})
