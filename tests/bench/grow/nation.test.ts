import { describe, expect, it } from 'vitest'
import type { TableSize } from '../../../bench/grow/database.ts'
import { nationParts } from '../../../bench/grow/nation.ts'

const size = (table: string, rows: number, bytes: number): TableSize => ({ table, rows, bytes })
const SIZES = [
  size('source_record', 45, 45_000),
  size('subject', 45, 9_000),
  size('identifier', 60, 9_000),
  size('blocking', 140, 27_000),
  size('chunk', 1, 6_000),
  size('entry', 10, 2_000),
  size('delivery', 1, 5_000),
  size('webhook', 1, 1_000_000),
]
const NATION = { persons: 3_500_000_000, snapshots: 4, changed: 0.25 }

describe('the size of a nation', () => {
  const parts = nationParts({ sizes: SIZES, sealed: { chunks: 5_000, deliveries: 4_000 } }, NATION)

  it('is counted from what each subject and family was measured to take', () => {
    expect(parts.map(({ part, count, bytes_each, gb }) => [part, count, bytes_each, gb])).toEqual([
      ['subjects and source records', 4.5e9, 2000, 9000],
      ['sealed chunks', 1e9, 500, 500],
      ['sealed deliveries', 1e9, 400, 400],
      ['ledger, reports, receipts', 4e9, 300, 1200],
      ['deliveries without their bytes', 1.75e9, 100, 175],
      ['all, after the first year', 0, 0, 11_275],
    ])
  })

  it('says of each part until when it stays', () => {
    expect(parts.slice(0, -1).every(({ stays }) => stays !== '')).toBe(true)
  })
})
