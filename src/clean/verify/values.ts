import { isDate } from '../../language/calendar.ts'
import type { Canonical, Variable } from '../../language/canonical.ts'
import { answersOf } from '../../language/rules/answers.ts'
import type { FieldRule } from '../mapping/mapping.ts'
import type { SayAt } from './rule.ts'

/** What each converter gives; `code` and `list` give what their lists say. */
const GIVES: Readonly<Record<string, Variable['type']>> = {
  text: 'string',
  name: 'string',
  nik: 'string',
  'no-kk': 'string',
  phone: 'string',
  rt: 'string',
  rw: 'string',
  date: 'date',
  integer: 'integer',
  amount: 'integer',
  'yes-no': 'code',
  boolean: 'code',
  additive: 'code',
}
const WORDS: Readonly<Record<Variable['type'], string>> = {
  string: 'a text',
  integer: 'a whole number',
  date: 'a date',
  code: 'a code',
}

/** Checks that what a rule gives is what its variable holds: the type, the code list, and every value that the rule itself writes. */
export function checkValues(rule: FieldRule, variable: Variable, canonical: Canonical, say: SayAt): void {
  const gives = rule.as === undefined ? undefined : GIVES[rule.as]
  if (rule.as === 'number')
    say(
      'as',
      `${variable.name} holds ${WORDS[variable.type]}, and "number" may give fractions. Use "integer", or make it an extension.`,
    )
  else if (gives !== undefined && gives !== variable.type && !isWritable(gives, variable))
    say(
      'as',
      `${variable.name} holds ${WORDS[variable.type]}, and "${rule.as}" gives ${WORDS[gives]}. Use another converter or another variable.`,
    )
  else if ((rule.as === 'yes-no' || rule.as === 'boolean') && !saysYesAndNo(variable))
    say(
      'as',
      `${variable.name} is not answered by yes and no: its list is ${variable.codelist ?? 'none'}. Use "codes".`,
    )
  if (rule.as === 'additive' && !variable.additive)
    say('as', `The codes of ${variable.name} do not add up. Use "codes".`)
  const isCoded = rule.as === 'code' || rule.as === 'list' || (rule.as === undefined && rule.codes !== undefined)
  if (isCoded && (variable.type === 'integer' || variable.type === 'date'))
    say(
      'codes',
      `${variable.name} holds ${WORDS[variable.type]}, and a code list gives texts. Read it with "${variable.type}", or make it an extension.`,
    )
  checkWritten(rule.constant, 'constant', variable, canonical, say)
  checkWritten(rule.absent, 'absent', variable, canonical, say)
  checkWritten(rule.none, 'none', variable, canonical, say)
  for (const to of Object.values(rule.bits ?? {})) if (to !== 'keep') checkWritten(to, 'bits', variable, canonical, say)
}

/** A text variable takes what is written as text: a date in ISO form, a code. */
function isWritable(gives: Variable['type'], { type }: Variable): boolean {
  return type === 'string' && gives === 'date'
}

function saysYesAndNo({ codelist }: Variable): boolean {
  return codelist?.startsWith('ya_tidak') === true
}

function checkWritten(
  value: string | number | undefined,
  key: 'constant' | 'absent' | 'none' | 'bits',
  variable: Variable,
  { codelists }: Canonical,
  say: SayAt,
): void {
  if (value === undefined) return
  const { name, type, codelist } = variable
  if (type === 'integer') {
    if (typeof value !== 'number') say(key, `${name} holds a whole number. Write it without quotes.`)
    return
  }
  if (typeof value === 'number') say(key, `${name} holds ${WORDS[type]}. Write "${value}" in quotes.`)
  else if (type === 'date' && !isDate(value)) say(key, `"${value}" is no date. Write it as "2025-06-30".`)
  else if (type === 'code') {
    const list = codelist === null ? undefined : codelists.get(codelist)
    if (list !== undefined && !answersOf(list).has(value))
      say(
        key,
        `"${value}" is no code of the canonical list ${list.name}. Use one of ${list.codes.map(({ code }) => code).join(', ')}.`,
      )
  }
}
