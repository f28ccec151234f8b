import { describe, expect, it } from 'vitest'
import type { CleanEntry, RawEntry } from '../../../src/domain/entry.ts'
import { readCleanedText, withoutRecords, writeCleaned } from '../../../src/engine/chunks/cleaned-text.ts'
import { linesHolding, type Sought } from '../../../src/engine/erase/holding.ts'

const NIK = '3174010101900001'
const NOBODY: Sought = { keys: new Set(), places: new Set(), numbers: [], subjects: [] }
const raw = (text: string): RawEntry[] => [{ line: 7, form: 'object', text }]
const entry = (line: number, ...keys: string[]): CleanEntry => ({
  line,
  key: `entry ${line}`,
  verdict: 'accepted',
  findings: [],
  records: keys.map((key) => ({ level: 'individu', key, path: '', fields: { nama: `nama ${key}` } })),
})
const cleanedOf = (...entries: CleanEntry[]) => readCleanedText(writeCleaned(entries))
const held = (sought: Partial<Sought>, given: { raw?: RawEntry[]; cleaned?: ReturnType<typeof cleanedOf> }) => [
  ...linesHolding(
    { batch: 'bat_1', raw: [], cleaned: [], ...given },
    { ...NOBODY, ...sought },
    ({ key }) => `index ${key}`,
  ),
]

describe('an entry that holds a person', () => {
  it.each([
    ['as it is', `{"nik":"${NIK}"}`],
    ['as a number', `{"nik":${NIK}}`],
    ['with spaces', '["3174 0101 0190 0001"]'],
    ['with dots and hyphens', '["31.74.01-010190-0001"]'],
    ['in the middle of a remark', `{"catatan":"pindah, NIK${NIK}"}`],
  ])('is found by the number %s', (_, text) => {
    expect(held({ numbers: [NIK] }, { raw: raw(text) })).toEqual([7])
  })

  it.each([
    ['another number', '{"nik":"3174010101900002"}'],
    ['two cells that only together make it', '["31740101","01900001"]'],
  ])('is not: %s', (_, text) => {
    expect(held({ numbers: [NIK] }, { raw: raw(text) })).toEqual([])
  })

  it('is found by the key of a record, its place, and the id that a result names', () => {
    expect(held({ keys: new Set(['index B']) }, { cleaned: cleanedOf(entry(1, 'A'), entry(2, 'A', 'B')) })).toEqual([2])
    expect(held({ places: new Set(['bat_1 7']) }, { raw: raw('{}') })).toEqual([7])
    expect(held({ places: new Set(['bat_2 7']) }, { raw: raw('{}') })).toEqual([])
    expect(held({ subjects: ['per_x'] }, { raw: raw('{"id":"per_x"}') })).toEqual([7])
  })

  it('is found once only: what is destroyed is not looked at again', () => {
    const destroyed: RawEntry[] = [{ line: 7, form: 'refused', text: 'subject-erased' }]
    expect(held({ numbers: [NIK], places: new Set(['bat_1 7']) }, { raw: destroyed })).toEqual([])
  })
})

describe('a cleaned text without some lines', () => {
  const entries = [entry(1, 'A'), entry(2, 'B', 'C'), entry(3), entry(4, 'D')]
  it.each([[[2]], [[1, 4]], [[3]], [[]]])('says of %j nothing, and of the others the same', (gone: number[]) => {
    const text = writeCleaned(entries)
    for (const form of [text, JSON.stringify(entries)]) {
      const left = readCleanedText(withoutRecords(form, new Set(gone)))
      const expected = readCleanedText(text).map((one) =>
        gone.includes(one.line) ? { ...one, key: null, records: [] } : one,
      )
      expect(left).toEqual(expected)
    }
  })
})
