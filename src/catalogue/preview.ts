import { pointerPart } from '../clean/mapping/texts.ts'
import type { SourceFormat } from '../domain/dataset.ts'
import type { Json, RawEntry } from '../domain/entry.ts'
import { type ErrorPlace, TitianError } from '../domain/error.ts'

/** The records of a preview as the entries that a file with them would give; throws `bad-request` with the places that are wrong. */
export function entriesOf(records: readonly unknown[], format: SourceFormat): RawEntry[] {
  const places = records.flatMap((record, index) =>
    isObject(record) ? [] : [{ pointer: `/body/records/${index}`, code: 'type' }],
  )
  if (places.length > 0) throw new TitianError('bad-request', 'a record is an object', { places })
  const objects = records as Record<string, Json>[]
  if (format.kind === 'ndjson')
    return objects.map((record, index) => ({ line: index + 1, form: 'object', text: JSON.stringify(record) }))
  const wrong = objects.flatMap((record, index) => wrongCells(record, index, format.columns))
  if (wrong.length > 0) throw new TitianError('bad-request', 'the cells of a row are texts', { places: wrong })
  return objects.map((record, index) => ({
    line: index + 2,
    form: 'cells',
    text: JSON.stringify(format.columns.map((column) => record[column] ?? '')),
  }))
}

/** A file holds nothing but texts under the columns of its header. */
function wrongCells(record: Record<string, Json>, index: number, columns: readonly string[]): ErrorPlace[] {
  return Object.entries(record).flatMap(([column, value], at) => {
    if (!columns.includes(column)) return [{ pointer: `/body/records/${index}/${at}`, code: 'column-unknown' }]
    if (typeof value === 'string' || value === null) return []
    return [{ pointer: `/body/records/${index}/${pointerPart(column)}`, code: 'type' }]
  })
}

function isObject(value: unknown): boolean {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
