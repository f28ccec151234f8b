import type { Json } from '../../domain/entry.ts'
import type { RegionLevel } from '../../domain/region.ts'
import type { Register } from '../../domain/register.ts'

/** What a value must be: one of some texts, none of them, or a text or list that contains one. */
type Wanted = string | string[] | { not: string | string[] } | { contains: string | string[] }

/** A condition of a rule or a block: column, `@field`, and what its value must be. */
export type When = Record<string, Wanted>

/** How one field is made; registry/MAPPING.md section 4 explains every key. */
export type FieldRule = {
  from?: string | string[]
  constant?: string | number
  count?: string
  head?: string
  /** The columns are those of the head among the members. */
  of?: 'head'
  template?: string
  as?: string
  join?: string
  pad?: number[]
  split?: { by: string; part: number }
  when?: When
  required?: boolean
  inferred?: boolean
  unmapped?: 'keep-source' | 'hold' | 'reject'
  case?: 'upper'
  format?: string | string[]
  zone?: string
  century?: number | { age: string }
  decimal?: string
  thousands?: string
  round?: true | 'half-up' | 'down'
  codes?: string | Record<string, Json>
  pair?: string | string[]
  titles?: 'apart'
  units?: string[]
  separator?: string
  absent?: string
  bits?: Record<string, string>
  none?: string
}

export type FieldRules = string | FieldRule | FieldRule[]

export type Block = {
  level: 'keluarga' | 'individu'
  /** An array (`anggota`), or an array inside of the elements of one (`rumah.keluarga[].anggota`). */
  each?: string
  /** Where it does not hold, the row gives no record of this block. */
  when?: When
  key: string | string[] | { hash: string | string[] }
  household?: { scheme: string; key: string }
  headNik?: string
  fields: Record<string, FieldRules>
  extensions?: string[] | Record<string, FieldRules>
  ignore?: string[]
}

export type Scheme = 'bps' | 'kemendagri'

export type RegionRule = {
  code: string | string[]
  widths?: number[]
  scheme: Scheme
  also?: { code: string; scheme: Scheme }
  names?: Partial<Record<RegionLevel, string>>
}

/** Another dataset whose files are sent along: its row is the one whose columns equal those of this row. */
export type LookupRule = {
  dataset: string
  /** Column of this dataset: column of the other. */
  key: Record<string, string>
  /** What becomes of a record without such a row; `hold` if not given. */
  missing?: 'hold' | 'warning'
}

/** A `mapping.yaml`, once `mapping.schema.json` has accepted it. */
export type Mapping = {
  title: string
  status: 'published' | 'reconstructed' | 'assumption'
  /** The register that the dataset is an extract of; `own` if not given. */
  register?: Register
  /** Not for new batches yet: it can be checked, previewed and compared. */
  draft?: boolean
  source?: string
  format: { kind: 'ndjson' } | { kind: 'csv'; delimiter: string; encodings: ('utf-8' | 'windows-1252')[] }
  referenceDate?: FieldRule
  /** Column with the key of the entry, where the entry is neither a family nor a person (a building). */
  key?: string
  lookups?: Record<string, LookupRule>
  region?: RegionRule
  /** How many of a hundred records may be absent from a snapshot, before it is held. */
  snapshot?: { mostAbsent: number }
  records: Block[]
}

/** The alternatives of a field in full form. */
export function alternatives(rules: FieldRules): FieldRule[] {
  if (typeof rules === 'string') return [{ from: rules }]
  return Array.isArray(rules) ? rules : [rules]
}

/** The extensions of a block by name, each in full form. */
export function extensionsOf(block: Block): Map<string, FieldRule[]> {
  const given = block.extensions ?? []
  if (Array.isArray(given)) return new Map(given.map((name) => [name, [{ from: name }]]))
  return new Map(Object.entries(given).map(([name, rules]) => [name, alternatives(rules)]))
}

/** The columns that a `from` names. */
export function columnsOf(from: string | string[] | undefined): string[] {
  if (from === undefined) return []
  return Array.isArray(from) ? from : [from]
}

/** The columns of a record's key. */
export function keyColumns({ key }: Block): string[] {
  return columnsOf(typeof key === 'object' && !Array.isArray(key) ? key.hash : key)
}

/** Whether the key is a personal number, so that a derived one stands for it. */
export function hashesKey({ key }: Block): boolean {
  return typeof key === 'object' && !Array.isArray(key)
}

/** The arrays that lead to the elements of a block: none, one, or two, each relative to the one before. */
export function arraysOf({ each }: Pick<Block, 'each'>): string[] {
  return each === undefined ? [] : each.split('[].')
}

/** The two parts of a column of another dataset (`keluarga:NO_KK`); undefined for a column of one's own. */
export function lookedUp(column: string, lookups: Mapping['lookups']): { lookup: string; column: string } | undefined {
  const at = column.indexOf(':')
  const lookup = column.slice(0, at)
  return at > 0 && lookups !== undefined && Object.hasOwn(lookups, lookup)
    ? { lookup, column: column.slice(at + 1) }
    : undefined
}

/** The name of a block's column from the whole record on: `/alamat` and `../no_kk` leave the element. */
export function fullName(column: string, { each }: Pick<Block, 'each'>, lookups: Mapping['lookups']): string {
  if (column.startsWith('/') && column.length > 1) return column.slice(1)
  if (each === undefined || lookedUp(column, lookups) !== undefined) return column
  if (!column.startsWith('../')) return `${each}[].${column}`
  const [outer] = arraysOf({ each })
  return each === outer ? column.slice(3) : `${outer}[].${column.slice(3)}`
}

/** Column names inside a template, in order. */
export function templateColumns(template: string): string[] {
  return [...template.matchAll(/\{([^{}]+)\}/g)].map((match) => match[1] as string)
}

/** Every source column that a rule reads. */
export function columnsRead(rule: FieldRule): string[] {
  const columns = [...columnsOf(rule.from)]
  if (rule.count !== undefined) columns.push(rule.count)
  if (rule.template !== undefined) columns.push(...templateColumns(rule.template))
  if (typeof rule.century === 'object') columns.push(rule.century.age)
  columns.push(...whenColumns(rule.when))
  return columns
}

/** The source columns that a condition reads. */
export function whenColumns(when: When | undefined): string[] {
  return Object.keys(when ?? {}).filter((name) => !name.startsWith('@'))
}
