import type { ReadNote } from '../../domain/entry.ts'
import type { LooseEntry } from '../../engine/chunks/packing.ts'
import type { CsvFormat } from '../formats/csv.ts'
import { isHeader, notesOf } from '../formats/csv-header.ts'
import { noted, refused } from '../formats/cutter.ts'
import { type CellContext, cellText } from './cell-text.ts'
import type { SheetRow } from './sheet.ts'
import type { SheetHeader, TextRow } from './sheet-header.ts'

/** A row as texts, each cell at its place, up to the last that has one. */
export function textRow({ number, cells }: SheetRow, context: CellContext): TextRow {
  const texts: string[] = []
  for (const cell of cells) {
    while (texts.length < cell.column) texts.push('')
    texts.push(cellText(cell, context, '.'))
  }
  while (texts.at(-1)?.trim() === '') texts.pop()
  return { number, cells: texts }
}

/** Whether a row holds no value: it is no record, however it is coloured. */
export function isEmptyRow({ cells }: TextRow): boolean {
  return cells.length === 0
}

/**
 * Makes entries of the rows under a header, with the same rules as for CSV; an entry's line is the number of its row. Undefined for a row
 * that is no record.
 */
export function sheetRowReader(
  { row: headerRow, order: header }: SheetHeader,
  { columns, decimals = {} }: CsvFormat,
  context: CellContext,
  recordBytes: number,
): (row: SheetRow) => LooseEntry | undefined {
  const known = new Set(columns)
  /** Of each cell of a row: its place among the columns, or -1. */
  const places = Array.from({ length: header.width }, (_, at) =>
    header.order === null ? at : header.order.indexOf(at),
  )
  const signs = places.map((place) => decimals[columns[place] ?? ''] ?? '.')
  let pending: ReadNote[] = notesOf(header)

  return ({ number, isHidden, cells }) => {
    if (number <= headerRow) return undefined
    const texts = new Array<string>(columns.length).fill('')
    let isStray = false
    let isEmpty = true
    for (const cell of cells) {
      if (header.reasons.has(cell.column)) continue
      const text = cellText(cell, context, signs[cell.column] ?? '.')
      if (text === '') continue
      const isBlank = text.trim() === ''
      isEmpty &&= isBlank
      const place = places[cell.column] ?? -1
      if (place !== -1) texts[place] = text
      else isStray ||= !isBlank
    }
    if (isEmpty) return undefined
    if (isHeader(texts, known)) return refused(number, 'csv-header-again')
    if (isStray) return refused(number, 'csv-cell-nameless')
    const text = JSON.stringify(texts)
    if (text.length > recordBytes || Buffer.byteLength(text) > recordBytes) return refused(number, 'line-too-long')
    const notes = pending
    if (isHidden) notes.push('row-hidden')
    pending = []
    return noted({ line: number, form: 'cells', text }, notes)
  }
}
