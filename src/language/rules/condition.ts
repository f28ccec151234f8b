import type { Canonical } from '../canonical.ts'
import { didYouMean } from '../did-you-mean.ts'
import type { Step } from '../document.ts'
import { answersOf } from './answers.ts'
import type { Predicate, SettingKind } from './predicates/predicate.ts'
import { PREDICATES } from './predicates/table.ts'
import type { Condition, RuleLevel, Setting } from './rule.ts'

/** The reference date of the entry, written like a variable. */
export const REFERENCE_DATE = 'tanggal_acuan'

/** The way from a rule to a part of it. */
export type RulePath = readonly Step[]

/** What reading a condition needs to know, and where it complains. */
export type ConditionScope = {
  canonical: Canonical
  level: RuleLevel
  complain: (place: RulePath, sentence: string) => void
}

const KINDS: Readonly<Record<Exclude<SettingKind, 'codes' | 'codelist'>, (value: unknown) => boolean>> = {
  number: (value) => typeof value === 'number',
  flag: (value) => typeof value === 'boolean',
  text: (value) => typeof value === 'string',
  texts: (value) => Array.isArray(value) && value.every((part) => typeof part === 'string'),
  pattern: (value) => typeof value === 'string' && isPattern(value),
}

function isPattern(text: string): boolean {
  try {
    return new RegExp(text, 'u') !== undefined
  } catch {
    return false
  }
}

/** The full key of a variable; a bare name is of the rule's own level. */
export function variableKey(name: unknown, place: RulePath, scope: ConditionScope): string {
  if (name === REFERENCE_DATE) return REFERENCE_DATE
  const text = String(name)
  const key = text.includes('.') ? text : `${scope.level === 'batch' ? 'individu' : scope.level}.${text}`
  const { variables } = scope.canonical
  if (!variables.has(key)) {
    const hint = didYouMean(key, variables.keys(), 'The names are in registry/canonical/variables.json.')
    scope.complain(place, `The variable "${key}" does not exist. ${hint}`)
  }
  return key
}

function setting(
  kind: SettingKind,
  value: unknown,
  variable: string | undefined,
  place: RulePath,
  scope: ConditionScope,
) {
  const name = String(place.at(-1))
  if (kind === 'codelist') {
    const { codelists } = scope.canonical
    if (!codelists.has(String(value))) {
      const hint = didYouMean(String(value), codelists.keys(), 'The lists are in registry/canonical/codelists.')
      scope.complain(place, `The code list "${value}" does not exist. ${hint}`)
    }
  } else if (kind === 'codes') {
    if (!KINDS.texts(value))
      scope.complain(place, `Write the codes of "${name}" as a list of quoted texts: ["1", "2"].`)
    else checkCodes(value as string[], variable, place, scope)
  } else if (!KINDS[kind](value)) {
    scope.complain(place, `Give "${name}" ${WANTED[kind]}.`)
  }
  return value as Setting
}

const WANTED = {
  number: 'a number',
  flag: 'true or false',
  text: 'a quoted text',
  texts: 'a list of quoted texts',
  pattern: 'a valid regular expression',
} as const

function checkCodes(codes: readonly string[], key: string | undefined, place: RulePath, scope: ConditionScope) {
  const variable = scope.canonical.variables.get(key ?? '')
  const list = scope.canonical.codelists.get(variable?.codelist ?? '')
  if (list === undefined) return
  const known = answersOf(list)
  for (const code of codes) {
    if (!known.has(code)) scope.complain(place, `Take out "${code}": it is no code of the list ${variable?.codelist}.`)
  }
}

function ofVariable(raw: Record<string, unknown>, place: RulePath, scope: ConditionScope): Condition {
  const key = variableKey(raw.var, [...place, 'var'], scope)
  const tests = Object.entries(raw).filter(([name]) => name !== 'var')
  if (tests.length === 0) scope.complain(place, `Say what "${raw.var}" must be, for example filled: true.`)
  const all = tests.map(([test, value]): Condition => {
    const at = [...place, test]
    const predicate = predicateOf(test)
    if (predicate === undefined || predicate.roles[0] !== 'var') return unknownTest(test, at, scope)
    if (predicate.roles.length === 2)
      return { test, of: { var: key, value: variableKey(value, at, scope) }, settings: {} }
    return {
      test,
      of: { var: key },
      settings: { value: setting(predicate.settings.value ?? 'text', value, key, at, scope) },
    }
  })
  return all.length === 1 && all[0] !== undefined ? all[0] : { all }
}

/** A test by its name; `constructor` and its like are none. */
function predicateOf(test: string): Predicate | undefined {
  return Object.hasOwn(PREDICATES, test) ? PREDICATES[test] : undefined
}

function unknownTest(test: string, place: RulePath, scope: ConditionScope): Condition {
  const hint = didYouMean(test, Object.keys(PREDICATES), 'The tests are listed in registry/rules/README.md.')
  scope.complain(place, `The test "${test}" does not exist here. ${hint}`)
  return { all: [] }
}

function named(test: string, raw: unknown, place: RulePath, scope: ConditionScope): Condition {
  const predicate = predicateOf(test)
  if (predicate === undefined || predicate.roles[0] === 'var') return unknownTest(test, place, scope)
  const given: Record<string, unknown> =
    typeof raw === 'object' && raw !== null ? { ...raw } : { [predicate.roles[0] ?? '']: raw }
  const wanted = [...predicate.roles, ...Object.keys(predicate.settings)]
  for (const name of wanted) {
    if (!(name in given)) scope.complain(place, `Add "${name}" to ${test}: it needs ${wanted.join(', ')}.`)
  }
  for (const name of Object.keys(given)) {
    if (!wanted.includes(name))
      scope.complain([...place, name], `Take out "${name}": ${test} needs ${wanted.join(', ')}.`)
  }
  const of = predicate.roles
    .filter((role) => role in given)
    .map((role) => [role, variableKey(given[role], place, scope)])
  const settings = Object.entries(predicate.settings)
    .filter(([name]) => name in given)
    .map(([name, kind]) => [name, setting(kind, given[name], undefined, [...place, name], scope)])
  return { test, of: Object.fromEntries(of), settings: Object.fromEntries(settings) }
}

/** Reads one condition of a rule file. What is wrong with it goes to `complain`; the result must not be used then. */
export function readCondition(raw: unknown, place: RulePath, scope: ConditionScope): Condition {
  if (typeof raw !== 'object' || raw === null || Array.isArray(raw)) {
    scope.complain(place, 'Write a condition as a mapping, for example {var: umur, gte: 5}.')
    return { all: [] }
  }
  const condition = raw as Record<string, unknown>
  if ('var' in condition) return ofVariable(condition, place, scope)
  const [entry, second] = Object.entries(condition)
  if (entry === undefined || second !== undefined) {
    scope.complain(place, 'Write one test per condition; join several with all: or any:.')
    return { all: [] }
  }
  const [name, value] = entry
  if (name === 'not') return { not: readCondition(value, [...place, name], scope) }
  if (name === 'any_member')
    return { anyMember: readCondition(value, [...place, name], { ...scope, level: 'individu' }) }
  if (name !== 'all' && name !== 'any') return named(name, value, [...place, name], scope)
  const list = Array.isArray(value) ? value : []
  if (list.length === 0) scope.complain([...place, name], `Give "${name}" a list of conditions.`)
  const parts = list.map((part, index) => readCondition(part, [...place, name, index], scope))
  return name === 'all' ? { all: parts } : { any: parts }
}
