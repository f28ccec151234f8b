import { type ErrorPlace, TitianError } from '../../domain/error.ts'

const PLACES = 50

/**
 * How the cells of a file are brought into the declared order: null when they are in it, else for each column the index of
 * its cell. Blanks around a name are no part of it, unless the column is declared so: a header is no value. Throws
 * `csv-header` when a column is missing, unknown or doubled; unknown ones are named by place only, since a file without a
 * header has personal data there.
 */
export function headerOrder(cells: readonly string[] | undefined, columns: readonly string[]): number[] | null {
  if (cells === undefined) throw new TitianError('csv-header', 'the header row cannot be read')
  const places: ErrorPlace[] = []
  const found = new Map<string, number>()
  const known = new Set(columns)
  cells.forEach((written, at) => {
    const cell = known.has(written) ? written : written.trim()
    if (!known.has(cell)) places.push({ pointer: `/header/${at}`, code: 'column-unknown' })
    else if (found.has(cell)) places.push({ pointer: `/header/${at}`, code: 'column-twice' })
    else found.set(cell, at)
  })
  const order = columns.map((column) => {
    const at = found.get(column)
    if (at === undefined) places.push({ pointer: `/columns/${jsonPointerToken(column)}`, code: 'column-missing' })
    return at ?? -1
  })
  if (places.length > 0) {
    throw new TitianError('csv-header', `${places.length} columns do not fit`, { places: places.slice(0, PLACES) })
  }
  return order.every((at, index) => at === index) ? null : order
}

function jsonPointerToken(token: string): string {
  return token.replaceAll('~', '~0').replaceAll('/', '~1')
}
