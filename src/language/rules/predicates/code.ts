import type { Emit, Predicate } from './predicate.ts'

function allIn(candidates: readonly string[] | undefined, codes: ReadonlySet<string>): boolean {
  return candidates?.every((code) => codes.has(code)) ?? false
}

function noneIn(candidates: readonly string[] | undefined, codes: ReadonlySet<string>): boolean {
  return candidates !== undefined && !candidates.some((code) => codes.has(code))
}

/** Above this many codes a set is looked up; below, comparing one by one is faster. */
const COMPARE_UP_TO = 4

function oneOf(emit: Emit, value: string, codes: ReadonlySet<string>): string {
  if (codes.size === 0 || codes.size > COMPARE_UP_TO) return `${emit.constant(codes)}.has(${value})`
  return `(${[...codes].map((code) => `${value} === ${JSON.stringify(code)}`).join(' || ')})`
}

function listed(emit: Emit) {
  const codes = new Set(emit.setting('value') as readonly string[])
  const [value, candidates, set] = [emit.value('var'), emit.candidates('var'), emit.constant(codes)]
  const among = oneOf(emit, value, codes)
  // An ambiguous code decides only where all of its candidates agree.
  return {
    among: `(${value} === undefined ? ${emit.constant(allIn)}(${candidates}, ${set}) : ${among})`,
    outside: `(${value} === undefined ? ${emit.constant(noneIn)}(${candidates}, ${set}) : !${among})`,
  }
}

function ofList(summary: string): Predicate {
  return {
    summary,
    roles: ['var'],
    settings: { value: 'codelist' },
    code: (emit) => {
      const value = emit.value('var')
      const among = oneOf(emit, value, emit.codes(String(emit.setting('value'))))
      return { holds: `${value} !== undefined && ${among}`, fails: `${value} !== undefined && !${among}` }
    },
  }
}

/** Tests of a coded answer, written beside `var`. */
export const CODE_PREDICATES = {
  in: {
    summary: 'is one of these codes',
    roles: ['var'],
    settings: { value: 'codes' },
    code: (emit) => {
      const { among, outside } = listed(emit)
      return { holds: among, fails: outside }
    },
  },
  not_in: {
    summary: 'is none of these codes',
    roles: ['var'],
    settings: { value: 'codes' },
    code: (emit) => {
      const { among, outside } = listed(emit)
      return { holds: outside, fails: among }
    },
  },
  in_codelist: ofList('is a code of this list, merged DTSEN codes included'),
  additive_of: ofList('is a sum of codes of this additive list, or one exclusive code'),
} as const satisfies Record<string, Predicate>
