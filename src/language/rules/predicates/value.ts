import type { Emit, Predicate } from './predicate.ts'

const VAR = ['var'] as const

function compare(summary: string, holds: string, fails: string): Predicate {
  return {
    summary,
    roles: VAR,
    settings: { value: 'number' },
    numeric: true,
    // An empty variable is undefined, and every comparison with undefined is false: unknown without a further look.
    code: (emit) => {
      const side = (operator: string) => `${emit.number('var')} ${operator} ${Number(emit.setting('value'))}`
      return { holds: side(holds), fails: side(fails) }
    },
  }
}

function againstVariable(summary: string, test: (one: string, other: string) => string): Predicate {
  return {
    summary,
    roles: ['var', 'value'],
    settings: {},
    code: (emit) => {
      const [one, other] = [emit.value('var'), emit.value('value')]
      const known = `${one} !== undefined && ${other} !== undefined`
      return { holds: `${known} && ${test(one, other)}`, fails: `${known} && !(${test(one, other)})` }
    },
  }
}

function matches(emit: Emit): string {
  const pattern = emit.constant(new RegExp(String(emit.setting('value')), 'u'))
  return emit.once(`${emit.value('var')} !== undefined && ${pattern}.test(${emit.value('var')})`)
}

/** Tests of one value, written beside `var`. */
export const VALUE_PREDICATES = {
  filled: {
    summary: 'has (true) or has not (false) an answer; the candidates of an ambiguous code are an answer',
    roles: VAR,
    settings: { value: 'flag' },
    code: (emit) => {
      const [yes, no] = [emit.filled('var'), `!(${emit.filled('var')})`]
      return emit.setting('value') === true ? { holds: yes, fails: no } : { holds: no, fails: yes }
    },
  },
  gte: compare('is this number or more', '>=', '<'),
  lte: compare('is this number or less', '<=', '>'),
  gt: compare('is more than this number', '>', '<='),
  lt: compare('is less than this number', '<', '>='),
  pattern: {
    summary: 'has the form of this regular expression',
    roles: VAR,
    settings: { value: 'pattern' },
    code: (emit) => {
      const match = matches(emit)
      return { holds: match, fails: `${emit.value('var')} !== undefined && !${match}` }
    },
  },
  max_length: {
    summary: 'has at most this many characters',
    roles: VAR,
    settings: { value: 'number' },
    code: (emit) => {
      const side = (operator: string) =>
        `${emit.value('var')} !== undefined && ${emit.value('var')}.length ${operator} ${Number(emit.setting('value'))}`
      return { holds: side('<='), fails: side('>') }
    },
  },
  lte_var: againstVariable('is not more (numbers) or later (dates) than another variable', (a, b) => `${a} <= ${b}`),
  not_eq_var: againstVariable('differs from another variable', (a, b) => `${a} !== ${b}`),
  starts_with_var: againstVariable('begins with another variable', (a, b) => `${a}.startsWith(${b})`),
} as const satisfies Record<string, Predicate>
