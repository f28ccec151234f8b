import { type ConditionScope, variableKey } from './condition.ts'
import type { ExampleFields, RuleExample } from './rule.ts'

function isMapping(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** Reads the example `fails` or `passes` of a rule. */
export function readExample(
  raw: Readonly<Record<string, unknown>>,
  key: 'fails' | 'passes',
  scope: ConditionScope,
): RuleExample | undefined {
  const example = raw[key]
  if (!isMapping(example)) {
    scope.complain([key], `Add an example that ${key}, such as "${key}: {individu: [{umur: 3}]}".`)
    return undefined
  }
  const { keluarga, individu, raw: value, reference_date: referenceDate, ...rest } = example
  for (const name of Object.keys(rest)) {
    scope.complain([key, name], `Take out "${name}": an example has keluarga, individu, reference_date and raw.`)
  }
  if (individu !== undefined && !Array.isArray(individu)) {
    scope.complain([key, 'individu'], 'Write "individu" as a list of records.')
  }
  const family = isMapping(keluarga) ? keluarga : {}
  const members = Array.isArray(individu) ? individu.filter(isMapping) : []
  for (const name of Object.keys(family)) variableKey(`keluarga.${name}`, [key, 'keluarga', name], scope)
  for (const [index, member] of members.entries()) {
    for (const name of Object.keys(member)) variableKey(`individu.${name}`, [key, 'individu', index, name], scope)
  }
  return {
    ...(keluarga === undefined ? {} : { keluarga: family as ExampleFields }),
    ...(individu === undefined ? {} : { individu: members as ExampleFields[] }),
    ...(referenceDate === undefined ? {} : { referenceDate: String(referenceDate) }),
    ...(value === undefined ? {} : { raw: String(value) }),
  }
}
