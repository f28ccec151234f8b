import { isRegionField } from '../../domain/region.ts'
import {
  alternatives,
  arraysOf,
  type Block,
  columnsOf,
  extensionsOf,
  type Mapping,
  templateColumns,
} from '../mapping/mapping.ts'
import type { ColumnAccess } from './column-access.ts'

/** Whether a JSON Pointer leads to a column that a NIK or No. KK is read from. */
export function numberColumns(mapping: Mapping, source: ColumnAccess): (path: string) => boolean {
  const endings = mapping.records.flatMap((block) => {
    const rules = Object.values(block.fields).flatMap(alternatives)
    return rules
      .filter(({ as }) => as === 'nik' || as === 'no-kk')
      .flatMap((rule) => columnsOf(rule.from).map(source.below))
  })
  return (path) => endings.some((ending) => path.endsWith(ending))
}

/** The pointers of the arrays of a block, `*` for the elements of the outer one. */
export function arrayPaths(block: Block, source: ColumnAccess): string[] {
  const [outer, inner] = arraysOf(block).map((column) => source.below(column))
  return [...(outer === undefined ? [] : [outer]), ...(inner === undefined ? [] : [`${outer}/*${inner}`])]
}

/** Where the first column of a field stands, below the path of its record. */
export function pointerOf(
  mapping: Mapping,
  source: ColumnAccess,
): (level: 'keluarga' | 'individu', field: string) => string {
  return (level, field) => {
    const blocks = mapping.records.filter((block) => block.level === level)
    const rules = blocks.flatMap((block) => alternatives(block.fields[field] ?? extensionsOf(block).get(field) ?? []))
    const columns = rules.flatMap((rule) => [
      ...columnsOf(rule.from),
      ...templateColumns(rule.template ?? ''),
      ...columnsOf(rule.count),
    ])
    if (columns[0] !== undefined) return source.below(columns[0])
    return isRegionField(field) && mapping.region !== undefined
      ? source.below(columnsOf(mapping.region.code)[0] ?? '#')
      : ''
  }
}
