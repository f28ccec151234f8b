import type { Json } from '../../domain/entry.ts'
import type { Severity } from '../../domain/finding.ts'
import type { CodeTable } from '../codes/codes.ts'
import type { FindingCode } from '../findings.ts'
import type { FieldRule } from '../mapping/mapping.ts'
import type { Placeholders } from './placeholders.ts'

/** What a conversion has to say beside its value; one is reused for all values, so nothing is allocated. */
export class Note {
  /** Whether anything below is set; most conversions say nothing, so this is all that is looked at. */
  said = false
  code: FindingCode | '' = ''
  /** Overrides the usual severity of the code. */
  severity: Severity | undefined
  /** The source value is kept in the extensions under its source name. */
  keep = false
  /** The converted value is kept under this extension instead. */
  keepAs: { name: string; value: string } | undefined
  candidates: string[] | undefined
  inferred = false
  /** Reference date of the entry, ISO; read by the conversions that need it. */
  asOf: string | undefined

  /** Says that the value is not taken and why; returns undefined so that a converter can end with it. */
  refuse(code: FindingCode, keep = true): undefined {
    this.said = true
    this.code = code
    this.keep = keep
  }

  clear(): void {
    this.said = false
    this.code = ''
    this.severity = undefined
    this.keep = false
    this.keepAs = undefined
    this.candidates = undefined
    this.inferred = false
  }
}

/** Turns one source value, never empty, into a canonical one; undefined leaves the field empty. `beside` is the age column of a date. */
export type Convert = (value: Json, note: Note, beside: Json | undefined) => string | number | undefined

/** What a converter is compiled for. */
export type ConversionTarget = {
  /** Canonical variable, or name of the extension. */
  name: string
  additive: boolean
  /** The yes and no of the variable's code list. */
  yes: string
  no: string
  /** The code table that the rule names, narrowed to this variable. */
  codes: CodeTable | undefined
  /** What is written where nothing is known. */
  placeholders?: Placeholders
}

type Example = { in: Json; args?: FieldRule; out?: string | number; beside?: Json; finding?: FindingCode }

export type Converter = {
  summary: string
  /** Keys of a rule that this converter reads; others are refused. */
  args: (keyof FieldRule)[]
  /** Keys that it cannot do without. */
  needs?: (keyof FieldRule)[]
  /** Set where a column holds few different values, so that what became of one is worth remembering. */
  repeats?: true
  examples: Example[]
  compile(rule: FieldRule, target: ConversionTarget): Convert
  /**
   * The way back: texts of the source that may be read to a canonical value, the best first; of several columns or answers, a list.
   * Whoever uses one converts it first: a way back that does not lead forward again is none.
   */
  invert?(rule: FieldRule, target: ConversionTarget): (value: string | number) => (string | string[])[]
}
