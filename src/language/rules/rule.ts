import type { Severity } from '../../domain/finding.ts'

/**
 * Who checks a rule. `record`: the compiled book, for each entry. `converter`: a converter, while it reads the raw value.
 * `registry`: the catalogue, when it reads the registry. `link`: the link stage. `batch`: a look over a whole batch.
 */
export const CHECKED_BY = ['record', 'converter', 'registry', 'link', 'batch', 'nobody'] as const
type CheckedBy = (typeof CHECKED_BY)[number]

/** What a rule is about: a family, a person, or a whole batch. */
export const RULE_LEVELS = ['keluarga', 'individu', 'batch'] as const
export type RuleLevel = (typeof RULE_LEVELS)[number]

/** A setting of a predicate: a number, a flag, a text, or a list of texts. */
export type Setting = number | boolean | string | readonly string[]

/** A checked condition; variables are full keys (`individu.umur`). A condition on an empty variable is unknown, `filled` excepted. */
export type Condition =
  | { all: readonly Condition[] }
  | { any: readonly Condition[] }
  | { not: Condition }
  /** Holds where one person of the family does; surely not only where all of them are known and none does. */
  | { anyMember: Condition }
  | {
      test: string
      of: Readonly<Record<string, string>>
      settings: Readonly<Record<string, Setting>>
    }

/** `then` must not be false while `if` is true, `else` not while it is false; `iff`: both true or both false. */
export type Expression = {
  unless?: Condition
  if?: Condition
  then?: Condition
  else?: Condition
  iff?: readonly [Condition, Condition]
}

export type ExampleFields = Record<string, string | number>

/** A small canonical entry, or the raw value where a converter looks. */
export type RuleExample = {
  keluarga?: ExampleFields
  individu?: ExampleFields[]
  referenceDate?: string
  raw?: string
}

/** One rule of the book, checked and with its templates filled in. */
export type Rule = {
  code: string
  /** Title of the file the rule stands in. */
  topic: string
  level: RuleLevel
  severity: Severity
  /** Keys of the canonical variables it is about; the finding points at the first. */
  fields: readonly string[]
  id: string
  en: string
  /** Questionnaire number or regulation. */
  source: string
  note?: string
  checkedBy: CheckedBy
  /** Codes of the findings that the converter gives in place of this rule's own. */
  findings: readonly string[]
  expression?: Expression
  fails?: RuleExample
  passes?: RuleExample
}
