import type { CompileText } from '../generated-code.ts'
import type { Setting } from '../rule.ts'

/** What a setting of a predicate must be; `codelist` is the name of a canonical code list. */
export type SettingKind = 'number' | 'flag' | 'text' | 'texts' | 'codes' | 'pattern' | 'codelist'

/** JavaScript expressions: surely true, and surely false. Both are false where the answer is unknown. */
export type TruthCode = { holds: string; fails: string }

/** What a predicate may ask of the function under construction; every answer is a piece of JavaScript. */
export type Emit = {
  /** Local that holds the value of the variable in this role, undefined where empty. */
  value(role: string): string
  /** As `value`, but an empty `umur` is the age that follows from the birth date. */
  number(role: string): string
  /** Local that holds the date in this role as the number YYYYMMDD, NaN where empty. */
  dayNumber(role: string): string
  /** Local that holds the age on the reference date by the birth date in this role, NaN where unknown. */
  age(role: string): string
  /** As `age`, in full months. */
  months(role: string): string
  /** True where the variable has a value or candidates. */
  filled(role: string): string
  /** Candidate codes of an ambiguous source code, or undefined. */
  candidates(role: string): string
  /** Bare name of the variable. */
  name(role: string): string
  /** Local for a value or function that is known now. */
  constant(value: unknown): string
  /** Local that is computed once per record, however many rules use it. */
  once(expression: string): string
  setting(name: string): Setting
  codes(codelist: string): ReadonlySet<string>
  districtOfBps: (district: string) => string | undefined
  /** Makes a function of a text of its own. */
  compile: CompileText
  /** Locals of the generated function. */
  record: string
  records: string
  head: string
  referenceDate: string
}

/** One condition that rule files may use. */
export type Predicate = {
  summary: string
  /** Variables it reads, by role; a lone role may be written without its name. */
  roles: readonly string[]
  settings: Readonly<Record<string, SettingKind>>
  /** True where it reads numbers, so that an age may stand in for `umur`. */
  numeric?: true
  /** True where it needs the other members of the family in the same entry. */
  members?: true
  code(emit: Emit): TruthCode
}

/** Code of a predicate that a plain function decides: true, false, or undefined for unknown. */
export function decidedBy(
  emit: Emit,
  decide: (...args: never[]) => boolean | undefined,
  args: readonly string[],
): TruthCode {
  const call = emit.once(`${emit.constant(decide)}(${args.join(', ')})`)
  return { holds: `${call} === true`, fails: `${call} === false` }
}
