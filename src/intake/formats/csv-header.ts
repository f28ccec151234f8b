import type { ReadNote } from '../../domain/entry.ts'
import { type ErrorPlace, TitianError } from '../../domain/error.ts'
import { isReasonColumn } from '../../domain/text/reasons.ts'

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
  /** Indexes of the columns that the gateway added when it gave the rows back. */
  reasons: ReadonlySet<number>
  /** A name stands in it several times, and each was known: by its place, as `name`, `name.2`. */
  isDoubled: boolean
}

/**
 * Reads a header. Blanks, line breaks and invisible signs around a name are no part of it, unless the column is declared so: a header is
 * no value. A name that stands there again is `name.2`, `name.3`, where the dataset declares that. Columns without a name may be there as
 * long as their cells are empty. Throws `csv-header` when a column is missing, unknown or doubled; unknown ones are named by place only,
 * since a file without a header has personal data there.
 */
export function headerOrder(cells: readonly string[] | undefined, columns: readonly string[]): HeaderOrder {
  if (cells === undefined) throw new TitianError('csv-header', 'the header row cannot be read')
  const places: ErrorPlace[] = []
  const found = new Map<string, number>()
  const nameless: number[] = []
  const reasons = new Set<number>()
  const seen = new Map<string, number>()
  let isDoubled = false
  namesOf(cells, columns).forEach((name, at) => {
    if (name === undefined) {
      nameless.push(at)
      return
    }
    const times = (seen.get(name) ?? 0) + 1
    seen.set(name, times)
    const cell = times > 1 && columns.includes(`${name}.${times}`) ? `${name}.${times}` : name
    if (!columns.includes(cell) && isReasonColumn(cell)) {
      reasons.add(at)
      return
    }
    if (!columns.includes(cell)) places.push({ pointer: `/header/${at}`, code: 'column-unknown' })
    else if (found.has(cell)) places.push({ pointer: `/header/${at}`, code: 'column-twice' })
    else found.set(cell, at)
    isDoubled ||= cell !== name
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
  const isPlain = isDeclared && cells.length === columns.length
  return { width: cells.length, order: isPlain ? null : order, nameless, reasons, isDoubled }
}

/** What is to be said of the rows under a header, once. */
export function notesOf({ nameless, isDoubled }: HeaderOrder): ReadNote[] {
  const notes: ReadNote[] = []
  if (nameless.length > 0) notes.push('csv-columns-nameless')
  if (isDoubled) notes.push('csv-columns-doubled')
  return notes
}

/** How many cells of a row name a column: by that the header of a file is told from what stands above it. */
export function namesIn(cells: readonly string[], columns: readonly string[]): number {
  const known = new Set(columns)
  return new Set(namesOf(cells, columns).filter((name) => name !== undefined && known.has(name))).size
}

/** The name in each cell of a header: a declared one as it is declared; undefined where there is none. */
function namesOf(cells: readonly string[], columns: readonly string[]): (string | undefined)[] {
  const known = new Set(columns)
  const declared = new Map(columns.map((column) => [tidyName(column), column]))
  return cells.map((cell) => {
    if (known.has(cell)) return cell
    const tidy = tidyName(cell)
    return declared.get(tidy) ?? (tidy === '' ? undefined : tidy)
  })
}

/** A name without what hides in headers: byte order marks, zero-width signs, line breaks, doubled and hard blanks. */
export function tidyName(cell: string): string {
  return cell
    .replaceAll(/[\u200b-\u200f\u2060\ufeff]/g, '')
    .replaceAll(/\s+/g, ' ')
    .trim()
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
