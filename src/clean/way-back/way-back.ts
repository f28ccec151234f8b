import type { Json } from '../../domain/entry.ts'
import { isRegionField } from '../../domain/region.ts'
import type { TurnBack, WayBack } from '../../domain/way-back.ts'
import type { Canonical } from '../../language/canonical.ts'
import type { Lists } from '../codes/lists.ts'
import { ruleConverter } from '../compile/rule-converter.ts'
import { Note } from '../converters/converter.ts'
import type { Placeholders } from '../converters/placeholders.ts'
import { alternatives, type Block, columnsOf, columnsRead, type Mapping } from '../mapping/mapping.ts'
import type { Regions } from '../regions/regions.ts'
import { columnKinds } from './column-kind.ts'
import { type Alternative, type FieldParts, fieldWay } from './field-way.ts'
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
  return ({ level, fields }, field, value): WayBack => {
    if (level === 'keluarga' && isRegionField(field) && mapping.region !== undefined) {
      if (field !== 'kode_kelurahan_desa') return { is: 'none', reason: 'region-part' }
      return regionWay(mapping.region, regions, String(value))
    }
    const own = blocks.get(level)?.get(field)
    return own === undefined ? { is: 'none', reason: 'no-column' } : fieldWay(own, value, fields)
  }
}

function compileBlockWays(block: Block, parts: WayBackParts): Map<string, FieldParts> {
  const { mapping, schema, lists } = parts
  const { level, each } = block
  const compiled = new Map(
    Object.entries(block.fields).map(([field, rules]) => [
      field,
      alternatives(rules).map((rule): Alternative => {
        const converter = ruleConverter(rule, { name: field, isExtension: false, level, at: [] }, lists, parts)
        const isCoded = converter.as === 'code' && rule.from !== undefined
        return { rule, converter, codes: isCoded ? lists.table(rule, `${level}.${field}`, []) : undefined }
      }),
    ]),
  )
  const kinds = columnKinds(schema, mapping.format.kind, block)
  const isRoot = (column: string) => mapping.format.kind === 'ndjson' && column.startsWith('/')
  const named = (column: string) =>
    isRoot(column) ? column.slice(1) : each === undefined ? column : `${each}[].${column}`
  const readers = (column: string) =>
    [...compiled].filter(([, all]) =>
      all.some(({ rule }) => rule.inferred !== true && columnsRead(rule).includes(column)),
    )
  return new Map(
    [...compiled].map(([field, all]) => [
      field,
      {
        alternatives: all,
        kinds,
        named,
        isSharedList: (column) => readers(column).length > 1,
        others: (column, value) =>
          readers(column).flatMap(([other, rules]) =>
            other === field ? [] : { field: other, value: readBy(rules, column, value) },
          ),
      } satisfies FieldParts,
    ]),
  )
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
