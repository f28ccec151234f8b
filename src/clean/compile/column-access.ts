import type { Json } from '../../domain/entry.ts'
import type { CompileText } from '../../language/rules/generated-code.ts'
import { lookedUp, type Mapping } from '../mapping/mapping.ts'
import { pointerPart } from '../mapping/texts.ts'
import { LOOKED_UP } from './lookups.ts'

/** How a block of a mapping reaches its columns: JavaScript to read them, and where they stand in the source record. */
export type ColumnAccess = {
  read(column: string): string
  /** JavaScript of the JSON Pointer; `path` (of the record) is in scope. */
  pointer(column: string): string
  /** The pointer below the path of the record. */
  below(column: string): string
  /** The name under which a value is kept. */
  name(column: string): string
}

const quote = (text: string) => JSON.stringify(text)

/**
 * How mappings name columns. In CSV a column is one name. In NDJSON a dot goes into an object, a leading slash starts at the
 * whole record, and `../` at the element around. `#` is the place of the row in its array, from 1. `keluarga:NO_KK` is a column
 * of the row that the lookup `keluarga` found; findings about it point to the column that it was looked up by.
 */
export function accessTo({ format: { kind }, lookups }: Pick<Mapping, 'format' | 'lookups'>): ColumnAccess {
  const isRoot = (column: string) => kind === 'ndjson' && column.startsWith('/')
  const isOuter = (column: string) => kind === 'ndjson' && column.startsWith('../')
  const local = (column: string) => {
    const other = lookedUp(column, lookups)
    return other === undefined ? column : (Object.keys(lookups?.[other.lookup]?.key ?? {})[0] ?? '#')
  }
  const steps = (column: string) => (kind === 'csv' ? [column] : column.replace(/^(?:\/|\.\.\/)/, '').split('.'))
  const below = (column: string) =>
    column === '#'
      ? ''
      : steps(local(column))
          .map((step) => `/${pointerPart(step)}`)
          .join('')
  return {
    read: (column) => {
      if (column === '#' && kind === 'ndjson') return '(place + 1)'
      const other = lookedUp(column, lookups)
      if (other !== undefined) return `root[${quote(LOOKED_UP)}]?.[${quote(other.lookup)}]?.[${quote(other.column)}]`
      const [first = '', ...rest] = steps(column)
      const from = isRoot(column) ? 'root' : isOuter(column) ? 'outer' : 'row'
      return `${from}[${quote(first)}]${rest.map((step) => `?.[${quote(step)}]`).join('')}`
    },
    pointer: (column) => {
      if (isRoot(column) || lookedUp(column, lookups) !== undefined) return quote(below(column))
      return `${isOuter(column) ? 'outerPath' : 'path'} + ${quote(below(column))}`
    },
    below,
    name: (column) => column.replace(kind === 'ndjson' ? /^(?:\/|\.\.\/)/ : '', ''),
  }
}

/** Compiles the reading of one column of a row; undefined where the row does not have it. */
export function columnReader(
  source: ColumnAccess,
  column: string,
  compile: CompileText,
): (row: Json) => Json | undefined {
  const body = `return (row) => { const root = row; return ${source.read(column)} }`
  return compile(`read/${column}`, {}, body) as (row: Json) => Json | undefined
}
