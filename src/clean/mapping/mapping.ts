import type { Json } from '../../domain/entry.ts'
import type { RegionLevel } from '../../domain/region.ts'
import type { Register } from '../../domain/register.ts'

/** A condition of a rule: column, `@field`, and what its value must be. */
export type When = Record<string, string | string[] | { not: string | string[] }>

/** How one field is made; registry/MAPPING.md section 4 explains every key. */
export type FieldRule = {
  from?: string | string[]
  constant?: string | number
  count?: string
  head?: string
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
  pair?: string
  separator?: string
  absent?: string
  bits?: Record<string, string>
  none?: string
}

export type FieldRules = string | FieldRule | FieldRule[]

export type Block = {
  level: 'keluarga' | 'individu'
  each?: string
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
  for (const name of Object.keys(rule.when ?? {})) if (!name.startsWith('@')) columns.push(name)
  return columns
}
