import type { CanonicalRecord } from '../../domain/entry.ts'
import { appendFinding, type Finding, type Severity } from '../../domain/finding.ts'
import { dayNumber, monthsBetween, yearsBetween } from '../calendar.ts'
import { AGE, BORN, type Test } from './applies.ts'
import { REFERENCE_DATE } from './condition.ts'
import type { CompileText } from './generated-code.ts'
import { bare, Locals } from './locals.ts'
import { anyMember, type Judge } from './members.ts'
import type { Emit, TruthCode } from './predicates/predicate.ts'
import { PREDICATES } from './predicates/table.ts'
import type { Condition, Expression, Rule } from './rule.ts'

/** What generated rules need beside the records. */
export type GenerationContext = {
  answersOf(codelist: string): ReadonlySet<string>
  districtOfBps: Emit['districtOfBps']
  compile: CompileText
}

/** Looks at one record of an entry, and appends what it finds. */
export type RecordCheck = (
  record: CanonicalRecord,
  family: CanonicalRecord,
  records: readonly CanonicalRecord[],
  head: CanonicalRecord | undefined,
  day: string | undefined,
  /** The number of that day. */
  today: number,
  findings: Finding[],
) => void

const UNKNOWN: TruthCode = { holds: 'false', fails: 'false' }

function emitFor({ of, settings }: Test, locals: Locals, context: GenerationContext): Emit {
  const key = (role: string) => of[role] ?? REFERENCE_DATE
  const candidates = (role: string) => `${locals.holder(key(role))}.candidates?.${bare(key(role))}`
  const number = (date: string) => locals.once(`${locals.constant(dayNumber)}(${locals.value(date)})`)
  const age = (born: string) => locals.once(`${locals.constant(yearsBetween)}(${number(born)}, today)`)
  return {
    value: (role) => locals.value(key(role)),
    number: (role) =>
      key(role) === AGE ? locals.once(`${locals.value(AGE)} ?? ${age(BORN)}`) : locals.value(key(role)),
    dayNumber: (role) => number(key(role)),
    age: (role) => age(key(role)),
    months: (role) => locals.once(`${locals.constant(monthsBetween)}(${number(key(role))}, today)`),
    filled: (role) => `(${locals.value(key(role))} !== undefined || ${candidates(role)} !== undefined)`,
    candidates,
    name: (role) => bare(key(role)),
    constant: (value) => locals.constant(value),
    once: (expression) => locals.once(expression),
    setting: (name) => settings[name] ?? '',
    codes: (codelist) => context.answersOf(codelist),
    districtOfBps: context.districtOfBps,
    compile: context.compile,
    record: 'record',
    records: 'records',
    head: 'head',
    referenceDate: 'day',
  }
}

/** JavaScript of a condition over the locals of one function. */
function codeOf(condition: Condition, locals: Locals, context: GenerationContext): TruthCode {
  if ('test' in condition) return PREDICATES[condition.test]?.code(emitFor(condition, locals, context)) ?? UNKNOWN
  if ('not' in condition) {
    const { holds, fails } = codeOf(condition.not, locals, context)
    return { holds: fails, fails: holds }
  }
  if ('anyMember' in condition) {
    const ask = locals.constant(anyMember(judgeOf('individu', condition.anyMember, context, 'any-member')))
    const call = locals.once(`${ask}(record, family, records, head, day, today)`)
    return { holds: `${call} === true`, fails: `${call} === false` }
  }
  const every = 'all' in condition
  const parts = (every ? condition.all : condition.any).map((part) => codeOf(part, locals, context))
  const [and, or] = every ? ['&&', '||'] : ['||', '&&']
  const join = (side: keyof TruthCode, operator: string) =>
    `(${parts.map((part) => `(${part[side]})`).join(` ${operator} `)})`
  return { holds: join('holds', and), fails: join('fails', or) }
}

/** One condition as a plain function; `part` names it in stack traces. */
export function judgeOf(
  level: 'keluarga' | 'individu',
  condition: Condition,
  context: GenerationContext,
  part: string,
): Judge {
  const locals = new Locals(level)
  const { holds, fails } = codeOf(condition, locals, context)
  const lines = [`return (${holds}) ? true : (${fails}) ? false : undefined`]
  const body = `return (record, family, records, head, day, today) => {\n${locals.body(lines)}\n}`
  const constants = Object.fromEntries(locals.constants.map((value, index) => [`k${index}`, value]))
  return context.compile(part, constants, body) as Judge
}

/** JavaScript that is true exactly where the rule is surely broken. */
function broken(expression: Expression, locals: Locals, context: GenerationContext): string {
  const code = (condition: Condition | undefined) =>
    condition === undefined ? UNKNOWN : codeOf(condition, locals, context)
  const [then, otherwise] = [code(expression.then), code(expression.else)]
  const when = expression.if === undefined ? { holds: 'true', fails: 'false' } : code(expression.if)
  const [one, other] = [code(expression.iff?.[0]), code(expression.iff?.[1])]
  const ways = [
    [when.holds, then.fails],
    [when.fails, otherwise.fails],
    [one.holds, other.fails],
    [one.fails, other.holds],
  ]
  const possible = ways.filter((way) => !way.includes('false')).map(([a, b]) => `((${a}) && (${b}))`)
  const either = `(${possible.join(' || ')})`
  return expression.unless === undefined ? either : `!(${code(expression.unless).holds}) && ${either}`
}

/**
 * Adds the finding of a broken rule. A variable may be empty because a converter refused its value: that finding has the same path,
 * and a second one would only repeat it.
 */
function say(code: string, severity: Severity, path: string, value: unknown, findings: Finding[]): void {
  if (value === undefined && findings.some((finding) => finding.path === path)) return
  appendFinding(findings, code, severity, path)
}

/** Makes one plain function of all rules of a level, in their order. */
export function generate(
  level: 'keluarga' | 'individu',
  rules: readonly Rule[],
  context: GenerationContext,
  pointerOf: (level: 'keluarga' | 'individu', field: string) => string,
): RecordCheck {
  const locals = new Locals(level)
  const speak = locals.constant(say)
  const lines = rules.map((rule) => {
    const field = rule.fields.find((key) => key.startsWith(`${level}.`))
    const pointer = field === undefined ? '' : pointerOf(level, bare(field))
    const words = [rule.code, rule.severity].map((word) => JSON.stringify(word)).join(', ')
    const value = field === undefined ? 'null' : locals.value(field)
    const place = `record.path + ${JSON.stringify(pointer)}`
    return `if (${broken(rule.expression ?? {}, locals, context)}) ${speak}(${words}, ${place}, ${value}, findings)`
  })
  const body = `return (record, family, records, head, day, today, findings) => {\n${locals.body(lines)}\n}`
  const constants = Object.fromEntries(locals.constants.map((value, index) => [`k${index}`, value]))
  // The text is made of checked rules: names are known variables, everything else is a number or went through JSON.
  return context.compile(level, constants, body) as RecordCheck
}
