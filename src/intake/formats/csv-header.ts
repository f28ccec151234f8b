import { type ErrorPlace, TitianError } from '../../domain/error.ts'
import { isReasonColumn } from '../../domain/reasons.ts'

const PLACES = 50
const NINE = 0x39

/** How the cells of a file's rows are brought into the declared order. */
export type HeaderOrder = {
  /** Cells of a row. */
  width: number
  /** For each column the index of its cell; null when the cells are in the declared order. */
  order: number[] | null
  /** Indexes of cells whose column has no name. */
  nameless: number[]
  /** Columns that the gateway added when it gave the rows back stand in the file. */
  hasReasons: boolean
}

/**
 * Reads a header. Blanks around a name are no part of it, unless the column is declared so: a header is no value. Columns without a
 * name may be there as long as their cells are empty. Throws `csv-header` when a column is missing, unknown or doubled; unknown ones
 * are named by place only, since a file without a header has personal data there.
 */
export function headerOrder(cells: readonly string[] | undefined, columns: readonly string[]): HeaderOrder {
  if (cells === undefined) throw new TitianError('csv-header', 'the header row cannot be read')
  const places: ErrorPlace[] = []
  const found = new Map<string, number>()
  const nameless: number[] = []
  const known = new Set(columns)
  let hasReasons = false
  cells.forEach((written, at) => {
    const cell = known.has(written) ? written : written.trim()
    if (cell === '' && !known.has('')) nameless.push(at)
    else if (!known.has(cell) && isReasonColumn(cell)) hasReasons = true
    else if (!known.has(cell)) places.push({ pointer: `/header/${at}`, code: 'column-unknown' })
    else if (found.has(cell)) places.push({ pointer: `/header/${at}`, code: 'column-twice' })
    else found.set(cell, at)
  })
  const order = columns.map((column) => {
    const at = found.get(column)
    if (at === undefined) places.push({ pointer: `/columns/${jsonPointerToken(column)}`, code: 'column-missing' })
    return at ?? -1
  })
  if (places.length > 0) {
    for (const at of nameless) places.push({ pointer: `/header/${at}`, code: 'column-nameless' })
    throw new TitianError('csv-header', `${places.length} columns do not fit`, { places: places.slice(0, PLACES) })
  }
  const isDeclared = order.every((at, index) => at === index)
  return {
    width: cells.length,
    order: isDeclared && cells.length === columns.length ? null : order,
    nameless,
    hasReasons,
  }
}

/** Whether a row is a header inside the file: its first cell, and half of all, are names of columns. */
export function isHeader(cells: readonly string[], columns: ReadonlySet<string>): boolean {
  const [first = ''] = cells
  // Most rows begin with a number.
  if (first.charCodeAt(0) <= NINE || !columns.has(first.trim())) return false
  const names = cells.filter((cell) => columns.has(cell.trim()))
  return names.length > 1 ? 2 * names.length >= columns.size : columns.size === 1
}

const SEPARATOR = /^"?sep=(.)"?$/i

/** Whether a line only tells a spreadsheet the delimiter (`sep=;`); throws `csv-header` when it is another than the declared one. */
export function isSeparatorLine(line: string, delimiter: string): boolean {
  const said = SEPARATOR.exec(line)?.[1]
  if (said === undefined) return false
  if (said === delimiter) return true
  const places = [{ pointer: '/header/0', code: 'separator-differs' }]
  throw new TitianError('csv-header', 'the line "sep=" names another delimiter than the dataset declares', { places })
}

function jsonPointerToken(token: string): string {
  return token.replaceAll('~', '~0').replaceAll('/', '~1')
}
