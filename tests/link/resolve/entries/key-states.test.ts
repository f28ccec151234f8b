import { expect, it } from 'vitest'
import { KeyStates } from '../../../../src/link/resolve/entries/key-states.ts'
import type { LoadedRecord } from '../../../../src/link/resolve/entries/loaded-records.ts'
import { IncomingRecord } from '../../../../src/link/subjects/prepare.ts'

const stored = (asOf: string | undefined, more: Partial<LoadedRecord> = {}): LoadedRecord => ({
  subject: 'per_1',
  content: 'stored',
  receiptOrder: 1n,
  batch: 'bat_1',
  line: 5,
  record: { level: 'individu', key: 'K', path: '', fields: {}, ...(asOf !== undefined && { asOf }) },
  ...more,
})

function given(asOf: string | undefined, line = 5): IncomingRecord {
  const said = JSON.stringify({ level: 'individu', key: 'K', fields: {}, asOf })
  return new IncomingRecord(
    { line, level: 'individu', path: '', key: 'k', content: 'given' },
    { content: said },
    undefined,
  )
}

function keys(record: LoadedRecord, overtaken: string[] = []) {
  const ledger = {
    batch: 'bat_2',
    order: 2n,
    seen: new Map(),
    overtaken: new Set(overtaken),
    withdrawn: new Set<string>(),
    erased: new Set<string>(),
    isBeforeSnapshot: false,
    lastDay: '2026-01-02',
  }
  return new KeyStates({ records: new Map([['k', record]]), conflicts: new Map() }, ledger)
}

it.for([
  ['2025-01-01', '2024-12-31', 'as-of-older'],
  ['2025-01-01', '2025-01-01', 'updated'],
  ['2025-01-01', '2025-01-02', 'updated'],
  ['2025-01-01', undefined, 'updated'],
  [undefined, '2024-01-01', 'updated'],
  ['2205-01-01', '2024-01-01', 'updated'],
] as [string | undefined, string | undefined, string][])(
  'stored as of %s, a record as of %s is %s',
  ([before, now, status]) => {
    expect(keys(stored(before)).statusOf(given(now), 'e')).toBe(status)
  },
)

it.for([
  ['2025-01-01', '2025-01-02', 'updated'],
  ['2025-01-01', '2025-01-01', 'superseded'],
  ['2025-01-01', '2024-01-01', 'as-of-older'],
] as [string, string, string][])(
  'of a later batch stored as of %s, a record as of %s is %s',
  ([before, now, status]) => {
    expect(keys(stored(before, { receiptOrder: 3n })).statusOf(given(now), 'e')).toBe(status)
    expect(keys(stored(before), ['e']).statusOf(given(now), 'e')).toBe(status)
  },
)

it('within one batch lets the first line decide only where the days do not', () => {
  const same = stored('2025-01-01', { batch: 'bat_2', line: 3 })
  expect(keys(same).statusOf(given('2025-01-01', 4), 'e')).toBe('key-conflict')
  expect(keys(same).statusOf(given('2025-01-01', 2), 'e')).toBe('updated')
  expect(keys(same).statusOf(given('2024-01-01', 2), 'e')).toBe('as-of-older')
  expect(keys(same).statusOf(given('2025-06-01', 4), 'e')).toBe('updated')
})
