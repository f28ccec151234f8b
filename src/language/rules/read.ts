import type { Severity } from '../../domain/finding.ts'
import { didYouMean } from '../did-you-mean.ts'
import { type ConditionScope, readCondition, variableKey } from './condition.ts'
import { readExample } from './example.ts'
import { CHECKED_BY, type Condition, type Expression, RULE_LEVELS, type Rule } from './rule.ts'

const SEVERITIES: readonly Severity[] = ['error', 'hold', 'warning']
const TEXTS = ['code', 'id', 'en', 'source'] as const
const KEYS = [
  ...TEXTS,
  ...['level', 'severity', 'fields', 'note', 'checked_by', 'findings', 'each'],
  ...['if', 'then', 'else', 'unless', 'iff', 'fails', 'passes'],
]

/** One rule as it stands in the file, with its template filled in. */
export type RawRule = Readonly<Record<string, unknown>>

function oneOf<T extends string>(
  raw: RawRule,
  key: string,
  known: readonly T[],
  complain: ConditionScope['complain'],
): T {
  const found = known.find((word) => word === raw[key])
  if (found === undefined) complain([key], `Give "${key}" one of ${known.join(', ')}.`)
  return found ?? (known[0] as T)
}

function readPart(raw: RawRule, part: 'if' | 'then' | 'else' | 'unless', scope: ConditionScope) {
  return part in raw ? { [part]: readCondition(raw[part], [part], scope) } : {}
}

function readBoth(raw: RawRule, scope: ConditionScope): { iff?: readonly [Condition, Condition] } {
  if (!('iff' in raw)) return {}
  const [one, other] = Array.isArray(raw.iff) ? raw.iff : []
  return { iff: [readCondition(one, ['iff', 0], scope), readCondition(other, ['iff', 1], scope)] }
}

function readExpression(raw: RawRule, scope: ConditionScope): Expression {
  if (!('then' in raw) && !('iff' in raw)) scope.complain([], 'Add "then": the condition that must not be false.')
  return {
    ...readPart(raw, 'unless', scope),
    ...readPart(raw, 'if', scope),
    ...readPart(raw, 'then', scope),
    ...readPart(raw, 'else', scope),
    ...readBoth(raw, scope),
  }
}

/** Reads one rule; what is wrong with it goes to `complain`, and the rule is then not to be used. */
export function readRule(
  raw: RawRule,
  topic: string,
  canonical: ConditionScope['canonical'],
  complain: ConditionScope['complain'],
): Rule {
  for (const key of Object.keys(raw)) {
    if (!KEYS.includes(key)) complain([key], `The key "${key}" means nothing. ${didYouMean(key, KEYS, 'Take it out.')}`)
  }
  for (const key of TEXTS) {
    if (typeof raw[key] !== 'string' || raw[key] === '') complain([key], `Add "${key}", a text.`)
  }
  const scope = { canonical, complain, level: oneOf(raw, 'level', RULE_LEVELS, complain) }
  const checkedBy = 'checked_by' in raw ? oneOf(raw, 'checked_by', CHECKED_BY, complain) : 'record'
  const fields: unknown[] = Array.isArray(raw.fields) ? raw.fields : []
  if (fields.length === 0) complain(['fields'], 'Add "fields": the variables, first the one the finding points at.')
  const findings: unknown[] = Array.isArray(raw.findings) ? raw.findings : []
  if (checkedBy === 'converter' && findings.length === 0) {
    complain(['findings'], 'Add "findings": the codes that the converter gives in place of this one.')
  }
  const fails = checkedBy === 'nobody' ? undefined : readExample(raw, 'fails', scope)
  const passes = checkedBy === 'nobody' ? undefined : readExample(raw, 'passes', scope)
  return {
    code: String(raw.code),
    topic,
    level: scope.level,
    severity: oneOf(raw, 'severity', SEVERITIES, complain),
    fields: fields.map((name, index) => variableKey(name, ['fields', index], scope)),
    id: String(raw.id),
    en: String(raw.en),
    source: String(raw.source),
    checkedBy,
    findings: findings.map(String),
    ...(typeof raw.note === 'string' ? { note: raw.note } : {}),
    ...(checkedBy === 'record' ? { expression: readExpression(raw, scope) } : {}),
    ...(fails === undefined ? {} : { fails }),
    ...(passes === undefined ? {} : { passes }),
  }
}
