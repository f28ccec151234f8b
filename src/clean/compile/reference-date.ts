import type { Json } from '../../domain/entry.ts'
import type { Finding } from '../../domain/finding.ts'
import type { CompileText } from '../../language/rules/generated-code.ts'
import type { Convert, Note } from '../converters/converter.ts'
import { CONVERTERS } from '../converters/table.ts'
import { alternatives, columnsOf, type FieldRule, type Mapping } from '../mapping/mapping.ts'
import { type ColumnAccess, columnReader } from './column-access.ts'
import { addFinding } from './entry-draft.ts'

/** Reads the reference date of a record: the one date that ages are counted on, in conditions, rules and centuries alike. */
type ReadDate = (record: Json, findings: Finding[]) => string | undefined

/** Compiles the reference date of a mapping; where it states none, the day of the visit. Undefined where it has neither. */
export function compileReferenceDate(
  mapping: Mapping,
  source: ColumnAccess,
  note: Note,
  compile: CompileText,
): ReadDate | undefined {
  const rule = mapping.referenceDate ?? visitOf(mapping)
  if (rule === undefined) return undefined
  if (rule.constant !== undefined) return () => String(rule.constant)
  const column = columnsOf(rule.from)[0] ?? ''
  const target = { name: 'asOf', additive: false, yes: '', no: '', codes: undefined }
  const convert = CONVERTERS.date?.compile(rule, target) as Convert
  return dateReader(columnReader(source, column, compile), convert, source.below(column), note)
}

/** The rule of the day of the visit, where it is one column of the whole record. */
function visitOf({ records }: Mapping): FieldRule | undefined {
  const family = records.find(({ level, each }) => level === 'keluarga' && each === undefined)
  const [only, ...more] = alternatives(family?.fields.tanggal_pendataan ?? [])
  const isOne = typeof only?.from === 'string' && only.when === undefined && only.split === undefined
  return isOne && more.length === 0 ? only : undefined
}

function dateReader(read: (record: Json) => Json | undefined, convert: Convert, path: string, note: Note): ReadDate {
  return (record: Json, findings: Finding[]): string | undefined => {
    const value = read(record)
    if (value === undefined || value === null || value === '') return undefined
    const day = convert(value, note, undefined)
    if (note.said && note.code !== '') addFinding(findings, note.code, path)
    note.clear()
    return day === undefined ? undefined : String(day)
  }
}
