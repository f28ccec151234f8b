import { describe, expect, it } from 'vitest'
import type { CanonicalRecord } from '../../../src/domain/entry.ts'
import type { Finding } from '../../../src/domain/finding.ts'
import { GeneratedCode } from '../../../src/language/rules/generated-code.ts'
import type { RuleExample } from '../../../src/language/rules/rule.ts'
import { book, compiled, everything } from './book.ts'

const check = compiled.forDataset(everything, true, (_, field) => `/${field}`, new GeneratedCode('test').under('rules'))

function recordsOf({ keluarga, individu = [] }: RuleExample): CanonicalRecord[] {
  const family = keluarga === undefined ? [] : [{ level: 'keluarga' as const, key: 'F', path: '', fields: keluarga }]
  const members = individu.map((fields, index) => ({
    level: 'individu' as const,
    key: `P${index}`,
    path: `/anggota/${index}`,
    fields,
  }))
  return [...family, ...members]
}

function codesFor(example: RuleExample): string[] {
  const findings: Finding[] = []
  check(recordsOf(example), example.referenceDate, findings)
  return findings.map(({ code }) => code)
}

const evaluated = book.rules.filter(({ checkedBy }) => checkedBy === 'record')

describe('the examples of the rule book', () => {
  it('are those of a book without problems', () => {
    expect(book.problems).toEqual([])
    expect(book.rules).toHaveLength(274)
    expect(evaluated.length).toBeGreaterThan(230)
  })

  it.for(evaluated)(
    '$code speaks at its failing example and keeps silent at its passing one',
    ({ code, fails, passes }) => {
      expect(codesFor(fails ?? {})).toContain(code)
      expect(codesFor(passes ?? {})).not.toContain(code)
    },
  )

  it('never make a rule of a record reject or hold an entry', () => {
    expect(evaluated.filter(({ severity }) => severity !== 'warning')).toEqual([])
  })
})
