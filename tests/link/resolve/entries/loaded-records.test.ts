import { expect, it } from 'vitest'
import { loadedRecords } from '../../../../src/link/resolve/entries/loaded-records.ts'
import type { KeyRow } from '../../../../src/link/subjects/key-row.ts'
import { IncomingRecord, type Prepared } from '../../../../src/link/subjects/prepare.ts'

function incoming(line: number, content: string): IncomingRecord {
  return new IncomingRecord(
    { line, level: 'individu', path: '', key: 'k', content },
    { content: '{"fields":{}}' },
    undefined,
  )
}

const entries: Prepared[] = [
  { line: 1, verdict: 'accepted', key: 'e', records: [incoming(1, 'other')] },
  { line: 2, verdict: 'accepted', key: 'e', records: [incoming(2, 'stored')] },
]
const unknown = { sealed: null, receiptOrder: null, batch: null, line: null, conflictBatch: null, conflictLine: null }
const changed: KeyRow = {
  ...unknown,
  at: 0,
  subject: 'per_1',
  content: 'stored',
  receiptOrder: '7',
  batch: 'bat_1',
  line: 3,
}
const unchanged: KeyRow = { ...unknown, at: 1, subject: null, content: null }

it.each([
  ['first', [changed, unchanged]],
  ['last', [unchanged, changed]],
])('keeps the subject of a key that stands twice when its row comes %s', (_, rows) => {
  expect(loadedRecords(entries, rows, new Map()).records.get('k')).toEqual({
    subject: 'per_1',
    content: 'stored',
    receiptOrder: 7n,
    batch: 'bat_1',
    line: 3,
  })
})

it('knows only the content of an unchanged record', () => {
  const { records, conflicts } = loadedRecords(
    entries,
    [{ ...unchanged, conflictBatch: 'bat_1', conflictLine: 9 }],
    new Map(),
  )
  expect(records.get('k')).toMatchObject({ subject: undefined, content: 'stored' })
  expect(conflicts.get('k')).toEqual({ batch: 'bat_1', line: 9 })
})
