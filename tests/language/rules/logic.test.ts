import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Finding } from '../../../src/domain/finding.ts'
import { GeneratedCode } from '../../../src/language/rules/generated-code.ts'
import type { Condition, Expression, Rule } from '../../../src/language/rules/rule.ts'
import { compileRules } from '../../../src/language/rules/rulebook.ts'
import { canonical, everything } from './book.ts'

type Fields = Record<string, string | number>
type Truth = boolean | undefined

const age = (test: string, value: number): Condition => ({ test, of: { var: 'individu.umur' }, settings: { value } })
const sex = (test: string, value: string[]): Condition => ({
  test,
  of: { var: 'individu.jenis_kelamin' },
  settings: { value },
})
const filled = (key: string, value: boolean): Condition => ({ test: 'filled', of: { var: key }, settings: { value } })

const { condition } = fc.letrec<{ condition: Condition }>((tie) => ({
  condition: fc.oneof(
    { maxDepth: 3 },
    fc.tuple(fc.constantFrom('gte', 'lte', 'gt', 'lt'), fc.integer({ min: 3, max: 6 })).map(([t, n]) => age(t, n)),
    fc.tuple(fc.constantFrom('in', 'not_in'), fc.subarray(['1', '2'])).map(([t, codes]) => sex(t, codes)),
    fc
      .tuple(fc.constantFrom('individu.umur', 'individu.jenis_kelamin'), fc.boolean())
      .map(([key, value]) => filled(key, value)),
    tie('condition').map((not) => ({ not })),
    fc.array(tie('condition'), { minLength: 1, maxLength: 3 }).map((all) => ({ all })),
    fc.array(tie('condition'), { minLength: 1, maxLength: 3 }).map((any) => ({ any })),
  ),
}))

/** The reading of the book, word for word and slowly. */
function truth(of: Condition, fields: Fields): Truth {
  if ('not' in of) return flip(truth(of.not, fields))
  if ('all' in of) return flip(anyOf(of.all.map((part) => flip(truth(part, fields)))))
  if ('any' in of) return anyOf(of.any.map((part) => truth(part, fields)))
  if ('anyMember' in of) throw new Error('not made here')
  const value = fields[String(of.of.var).replace('individu.', '')]
  if (of.test === 'filled') return (value !== undefined) === of.settings.value
  if (value === undefined) return undefined
  if (of.test === 'in') return (of.settings.value as string[]).includes(String(value))
  if (of.test === 'not_in') return !(of.settings.value as string[]).includes(String(value))
  const [number, bound] = [Number(value), Number(of.settings.value)]
  return { gte: number >= bound, lte: number <= bound, gt: number > bound, lt: number < bound }[of.test]
}

function flip(value: Truth): Truth {
  return value === undefined ? undefined : !value
}

function anyOf(parts: Truth[]): Truth {
  if (parts.includes(true)) return true
  return parts.includes(undefined) ? undefined : false
}

function speaks(expression: Expression, fields: Fields): boolean {
  const rule: Rule = {
    ...{ code: 'X', topic: '', level: 'individu', severity: 'warning', fields: ['individu.nama'] },
    ...{ id: '', en: '', source: '', checkedBy: 'record', findings: [], expression },
  }
  const findings: Finding[] = []
  const check = compileRules([rule], { codelists: canonical.codelists }).forDataset(
    everything,
    false,
    () => '',
    new GeneratedCode('test').under('rules'),
  )
  check([{ level: 'individu', key: '', path: '', fields }], undefined, findings)
  return findings.length > 0
}

const fields = fc.record(
  { umur: fc.integer({ min: 2, max: 7 }), jenis_kelamin: fc.constantFrom('1', '2') },
  { requiredKeys: [] },
)

describe('the compiled conditions', () => {
  it('speak exactly where three-valued logic says that a rule is broken', () => {
    fc.assert(
      fc.property(condition, condition, condition, condition, fields, (unless, when, then, otherwise, given) => {
        const is = truth(when, given)
        const side = is === undefined ? undefined : truth(is ? then : otherwise, given)
        const off = truth(unless, given) === true
        expect(speaks({ unless, if: when, then, else: otherwise }, given)).toBe(!off && side === false)
      }),
      { numRuns: 300 },
    )
  })

  it('of an iff speak where one side is true and the other false', () => {
    fc.assert(
      fc.property(condition, condition, fields, (one, other, given) => {
        const [a, b] = [truth(one, given), truth(other, given)]
        expect(speaks({ iff: [one, other] }, given)).toBe(a !== undefined && b !== undefined && a !== b)
      }),
      { numRuns: 300 },
    )
  })
})
