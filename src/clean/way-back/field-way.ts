import type { CanonicalRecord, Json } from '../../domain/entry.ts'
import type { ColumnValue, NoWayBack, WayBack } from '../../domain/results/way-back.ts'
import type { CodeTable } from '../codes/codes.ts'
import type { RuleConverter } from '../compile/rule-converter.ts'
import { Note } from '../converters/converter.ts'
import { columnsOf, columnsRead, type FieldRule } from '../mapping/mapping.ts'
import type { ColumnKinds } from './column-kind.ts'
import { columnsFor, holdsIn } from './condition.ts'

/** One alternative of a field: its rule, its converter, and the code list it names, if it names one. */
export type Alternative = { rule: FieldRule; converter: RuleConverter; codes: CodeTable | undefined }

export type FieldParts = {
  alternatives: readonly Alternative[]
  kinds: ColumnKinds
  /** Whether a column stands in the file of another dataset. */
  isOfOtherFile(column: string): boolean
  /** The column's name as the catalogue has it. */
  named(column: string): string
  /** Whether a column holds a list that other variables are read from as well. */
  isSharedList(column: string): boolean
  /** Such a list with one variable changed and all others as the record has them; undefined where not all that stands in it is known. */
  sharedList(column: string, value: string | number, record: HeldValues): string | string[] | undefined
  /** Other stated variables that a column is read to, and what it would say of them; in the order of the mapping. */
  others(column: string, value: Json): { field: string; value: string | number | undefined }[]
}

/** What a record says now. */
export type HeldValues = Pick<CanonicalRecord, 'fields' | 'extensions'>
type Candidate = { set: Map<string, Json>; when: Map<string, Json> }

/** Finds what stands in the columns of a field when it has a value: the first alternative whose candidate is read to it again. */
export function fieldWay(parts: FieldParts, value: string | number, record: HeldValues): WayBack {
  let reason: NoWayBack | undefined
  let nearest: ColumnValue | undefined
  for (const [at, alternative] of parts.alternatives.entries()) {
    const found = waysOf(alternative, parts, value, record)
    if (typeof found === 'string') {
      reason ??= found
      continue
    }
    if (found.length === 0) {
      const near = alternative.converter.as === 'code' ? alternative.codes?.nearest(String(value)) : undefined
      const column = columnsOf(alternative.rule.from)[0]
      if (near !== undefined && column !== undefined)
        nearest ??= { column: parts.named(column), value: parts.kinds.typed(column, near) }
      continue
    }
    const earlier = parts.alternatives.slice(0, at)
    const open = found.filter((candidate) => earlier.every(({ rule }) => isPassedBy(rule, candidate)))
    if (open.length === 0) {
      reason = 'condition'
      continue
    }
    return best(open, parts, record.fields)
  }
  if (nearest !== undefined) return { is: 'none', reason: 'coarser', nearest }
  return { is: 'none', reason: reason ?? 'no-source-code' }
}

/** Candidates of one alternative that are read to the value, or why there can be none. */
function waysOf(
  { rule, converter }: Alternative,
  parts: FieldParts,
  value: string | number,
  record: HeldValues,
): Candidate[] | NoWayBack {
  if (rule.inferred === true) return 'inferred'
  if (rule.count !== undefined) return 'counted'
  if (rule.head !== undefined || rule.of === 'head') return 'of-the-head'
  if (columnsRead(rule).some(parts.isOfOtherFile)) return 'other-file'
  const conditions = rule.when === undefined ? new Map<string, string>() : columnsFor(rule.when)
  const when = conditions && typedAll(conditions, parts)
  if (rule.constant !== undefined) {
    if (rule.constant !== value) return []
    return when === undefined || when.size === 0 ? 'condition' : [{ set: when, when: new Map() }]
  }
  if (rule.template !== undefined || rule.join !== undefined || rule.pad !== undefined || rule.split !== undefined)
    return 'combined-columns'
  if (when === undefined) return 'condition'
  const columns = columnsOf(rule.from)
  const [column] = columns
  if (column === undefined || column === '#') return 'counted'
  const isShared = converter.as === 'list' && parts.isSharedList(column)
  const list = isShared ? parts.sharedList(column, value, record) : undefined
  if (isShared && list === undefined) return 'shared-list'
  const candidates = (list === undefined ? (converter.invert?.(value) ?? []) : [list]).flatMap(
    (written): Candidate[] => {
      const isMany = Array.isArray(rule.from)
      const values = isMany ? [written].flat().map((text, at) => parts.kinds.typed(columns[at] ?? '', text)) : undefined
      const one: Json = values ?? (Array.isArray(written) ? written : parts.kinds.typed(column, written))
      if (!isReadTo(value, one, converter)) return []
      const set = new Map(values === undefined ? [[column, one]] : columns.map((name, at) => [name, values[at] ?? '']))
      const others = new Map([...when].filter(([name]) => !set.has(name)))
      const isOwn =
        [...when].every(([name]) => !set.has(name)) || holdsIn(rule.when ?? {}, new Map([...others, ...set])) === true
      const isAdmitted = [...set, ...others].every(([name, said]) => parts.kinds.admits(name, said))
      return isOwn && isAdmitted ? [{ set, when: others }] : []
    },
  )
  if (candidates.length === 0 && typeof rule.century === 'object') return 'condition'
  return candidates
}

function typedAll(conditions: ReadonlyMap<string, string>, { kinds }: FieldParts): Map<string, Json> {
  return new Map([...conditions].map(([column, text]) => [column, kinds.typed(column, text)]))
}

/** Whether a source value is read to a canonical one, and without a finding: the proof of a way back. */
function isReadTo(value: string | number, source: Json, { convert }: RuleConverter): boolean {
  const note = new Note()
  return convert(source, note, undefined) === value && note.code === ''
}

/** Whether an earlier alternative surely does not hold for a candidate, so that the reading goes on past it. */
function isPassedBy({ when }: FieldRule, { set, when: others }: Candidate): boolean {
  return when !== undefined && holdsIn(when, new Map([...others, ...set])) === false
}

/** The candidate that changes the fewest other variables; of equal ones the first. */
function best(candidates: readonly Candidate[], parts: FieldParts, fields: HeldValues['fields']): WayBack {
  const weighed = candidates.map((candidate) => ({ candidate, changes: changesOf(candidate, parts, fields) }))
  const least = weighed.reduce((a, b) => (b.changes.length < a.changes.length ? b : a))
  const { set, when } = least.candidate
  const told = (columns: ReadonlyMap<string, Json>) =>
    [...columns].map(([column, value]) => ({ column: parts.named(column), value }))
  return {
    is: 'way',
    set: told(set),
    ...(when.size > 0 && { when: told(when) }),
    ...(least.changes.length > 0 && { changes: least.changes }),
  }
}

function changesOf({ set }: Candidate, { others }: FieldParts, fields: HeldValues['fields']): string[] {
  return [...set].flatMap(([column, value]) =>
    others(column, value).flatMap(({ field, value: said }) => (said !== fields[field] ? field : [])),
  )
}
