import type { Json } from '../../domain/entry.ts'
import type { CompileText } from '../../language/rules/generated-code.ts'
import { pointerPart } from '../mapping/texts.ts'

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
 * How mappings name columns. In CSV a column is one name. In NDJSON a dot goes into an object, and a leading slash starts at the
 * whole record. `#` is the place of the row in its array, from 1.
 */
export function accessTo(kind: 'csv' | 'ndjson'): ColumnAccess {
  const steps = (column: string) => (kind === 'csv' ? [column] : column.replace(/^\//, '').split('.'))
  const below = (column: string) =>
    steps(column)
      .map((step) => `/${pointerPart(step)}`)
      .join('')
  const isRoot = (column: string) => kind === 'ndjson' && column.startsWith('/')
  return {
    read: (column) => {
      if (column === '#' && kind === 'ndjson') return '(place + 1)'
      const [first = '', ...rest] = steps(column)
      return `${isRoot(column) ? 'root' : 'row'}[${quote(first)}]${rest.map((step) => `?.[${quote(step)}]`).join('')}`
    },
    pointer: (column) =>
      isRoot(column) ? quote(below(column)) : `path + ${quote(column === '#' ? '' : below(column))}`,
    below: (column) => (column === '#' ? '' : below(column)),
    name: (column) => (isRoot(column) ? column.slice(1) : column),
  }
}

/** Compiles the reading of one column of a row; undefined where the row does not have it. */
export function columnReader(
  source: ColumnAccess,
  column: string,
  compile: CompileText,
): (row: Json) => Json | undefined {
  const body = `return (row) => ${source.read(column)}`
  return compile(`read/${column}`, {}, body) as (row: Json) => Json | undefined
}
