import type { Json } from '../../domain/entry.ts'
import { isRegionField } from '../../domain/region.ts'
import type { TurnBack, WayBack } from '../../domain/results/way-back.ts'
import type { Canonical } from '../../language/canonical.ts'
import type { Lists } from '../codes/lists.ts'
import { ruleConverter } from '../compile/rule-converter.ts'
import { Note } from '../converters/converter.ts'
import type { Placeholders } from '../converters/placeholders.ts'
import { usesOf } from '../mapping/columns.ts'
import {
  alternatives,
  type Block,
  columnsOf,
  columnsRead,
  fullName,
  lookedUp,
  type Mapping,
} from '../mapping/mapping.ts'
import type { Regions } from '../regions/regions.ts'
import { columnKinds } from './column-kind.ts'
import { type Alternative, type FieldParts, fieldWay, type HeldValues } from './field-way.ts'
import { regionWay } from './region-way.ts'

export type WayBackParts = {
  mapping: Mapping
  /** The record schema of the dataset, as it stands. */
  schema: unknown
  lists: Lists
  canonical: Canonical
  placeholders: Placeholders
  regions: Regions
}

/** Compiles the reverse of a mapping: from a canonical value to what its columns would say. Every way that it gives was read forward. */
export function compileWayBack(parts: WayBackParts): TurnBack {
  const { mapping, regions } = parts
  const blocks = new Map(mapping.records.map((block) => [block.level, compileBlockWays(block, parts)]))
  return (record, field, value): WayBack => {
    const { level } = record
    if (level === 'keluarga' && isRegionField(field) && mapping.region !== undefined) {
      if (field !== 'kode_kelurahan_desa') return { is: 'none', reason: 'region-part' }
      return regionWay(mapping.region, regions, String(value))
    }
    const own = blocks.get(level)?.get(field)
    return own === undefined ? { is: 'none', reason: 'no-column' } : fieldWay(own, value, record)
  }
}

function compileBlockWays(block: Block, parts: WayBackParts): Map<string, FieldParts> {
  const { mapping, schema, lists } = parts
  const { level } = block
  const compiled = new Map(
    Object.entries(block.fields).map(([field, rules]) => [
      field,
      alternatives(rules).map((rule): Alternative => {
        const converter = ruleConverter(rule, { name: field, isExtension: false, level, at: [] }, lists, parts)
        const isCoded = (converter.as === 'code' || converter.as === 'list') && rule.from !== undefined
        return { rule, converter, codes: isCoded ? lists.table(rule, `${level}.${field}`, []) : undefined }
      }),
    ]),
  )
  const kinds = columnKinds(schema, mapping.format.kind, block)
  const named = (column: string) => (mapping.format.kind === 'csv' ? column : fullName(column, block, mapping.lookups))
  const uses = usesOf(mapping)
  // Another record of the same row may hold answers of the list that this one does not know.
  const isReadElsewhere = (column: string) =>
    (uses.get(named(column)) ?? []).some((use) => use.is === 'field' && !use.key.startsWith(`${level}.`))
  const readers = (column: string) =>
    [...compiled].filter(([, all]) =>
      all.some(({ rule }) => rule.inferred !== true && columnsRead(rule).includes(column)),
    )
  return new Map(
    [...compiled].map(([field, all]) => [
      field,
      {
        alternatives: all,
        isOfOtherFile: (column) => lookedUp(column, mapping.lookups) !== undefined,
        kinds,
        named,
        isSharedList: (column) => readers(column).length > 1,
        sharedList: (column, value, record) =>
          isReadElsewhere(column) ? undefined : sharedList(readers(column), { column, field, value }, record),
        others: (column, value) =>
          readers(column).flatMap(([other, rules]) =>
            other === field ? [] : { field: other, value: readBy(rules, column, value) },
          ),
      } satisfies FieldParts,
    ]),
  )
}

/** A list as it stands when one variable changes; undefined where an answer has no variable, or a variable no label. */
function sharedList(
  readers: readonly (readonly [string, readonly Alternative[]])[],
  { column, field, value }: { column: string; field: string; value: string | number },
  { fields, extensions }: HeldValues,
): string | string[] | undefined {
  if (extensions?.[column] !== undefined) return undefined
  const labels = new Set<string>()
  for (const [name, [only, ...more]] of readers) {
    if (only === undefined || more.length > 0 || only.converter.as !== 'list') return undefined
    const said = name === field ? value : fields[name]
    if (said === undefined || said === only.rule.absent) continue
    const label = only.codes?.ways(String(said))[0]
    if (label === undefined) return undefined
    labels.add(label)
  }
  const separator = readers[0]?.[1][0]?.rule.separator
  return separator === undefined ? [...labels] : [...labels].join(separator)
}

/** What a column says of a variable that is read from it alone and without a condition; undefined where others decide as well. */
function readBy(rules: readonly Alternative[], column: string, value: Json): string | number | undefined {
  const [only, ...more] = rules
  if (only === undefined || more.length > 0 || only.rule.when !== undefined) return undefined
  const columns = columnsOf(only.rule.from)
  return columns.length === 1 && columns[0] === column
    ? only.converter.convert(value, new Note(), undefined)
    : undefined
}
