import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { CanonicalRecord, CleanEntry } from '../../src/domain/entry.ts'
import { FileKeys } from '../../src/intake/file-keys.ts'

function person(key: string, nama: string, path = ''): CanonicalRecord {
  return { level: 'individu', key, path, fields: { nama } }
}

function entry(line: number, ...records: CanonicalRecord[]): CleanEntry {
  return { line, key: records[0]?.key ?? null, verdict: 'accepted', findings: [], records }
}

const told = ({ verdict, findings }: CleanEntry) => [verdict, ...findings.map(({ code, path }) => `${code} ${path}`)]

describe('the keys of a file', () => {
  it('are compared by content, the path left out', () => {
    const keys = new FileKeys()
    expect(told(keys.judge(entry(1, person('a', 'SITI'))))).toEqual(['accepted'])
    expect(told(keys.judge(entry(2, person('a', 'SITI', '/anggota/3'))))).toEqual(['accepted'])
    expect(told(keys.judge(entry(3, person('b', 'B'), person('a', 'BUDI', '/anggota/0'))))).toEqual([
      'held',
      'key-twice /anggota/0',
    ])
    // What a held entry said does not count.
    expect(told(keys.judge(entry(4, person('b', 'C'))))).toEqual(['accepted'])
  })

  it('are compared within one entry, and those of families and persons apart', () => {
    const keys = new FileKeys()
    expect(told(keys.judge(entry(1, { ...person('a', 'A'), level: 'keluarga' }, person('a', 'A'))))).toEqual([
      'accepted',
    ])
    expect(told(keys.judge(entry(2, person('c', 'A', '/0'), person('c', 'B', '/1'))))).toEqual(['held', 'key-twice /1'])
  })

  it('hold a person whose family moved, since the place is part of what is said', () => {
    const keys = new FileKeys()
    const home = (village: string): CanonicalRecord => ({
      level: 'keluarga',
      key: village,
      path: '',
      fields: { kode_kelurahan_desa: village },
    })
    keys.judge(entry(1, home('3172020004'), person('a', 'A', '/anggota/0')))
    expect(told(keys.judge(entry(2, home('3172020005'), person('a', 'A', '/anggota/0'))))).toEqual([
      'held',
      'key-twice /anggota/0',
    ])
  })

  it('are judged as a map of everything would, however many there are', () => {
    const row = fc.tuple(fc.integer({ min: 0, max: 3000 }), fc.integer({ min: 0, max: 1 }))
    fc.assert(
      fc.property(fc.array(row, { minLength: 2000, maxLength: 4000, size: 'max' }), (rows) => {
        const keys = new FileKeys()
        const first = new Map<number, number>()
        for (const [at, [key, content]] of rows.entries()) {
          const { verdict } = keys.judge(entry(at, person(String(key), String(content))))
          expect(verdict).toBe((first.get(key) ?? content) === content ? 'accepted' : 'held')
          if (!first.has(key)) first.set(key, content)
        }
      }),
      { numRuns: 5 },
    )
  })

  it('say once that there are too many, and go on finding those that they know', () => {
    const keys = new FileKeys(1024)
    const found: string[] = []
    for (let at = 0; at < 2000; at++) found.push(...told(keys.judge(entry(at, person(`k${at}`, 'A')))).slice(1))
    expect(found).toEqual(['keys-uncompared '])
    expect(told(keys.judge(entry(2000, person('k0', 'B'))))).toEqual(['held', 'key-twice '])
  })
})
