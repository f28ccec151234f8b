import type { ErrorPlace } from '../../domain/error.ts'
import { TitianError } from '../../domain/error.ts'
import { type HeaderOrder, headerOrder, namesIn } from '../formats/csv-header.ts'

/** A row above the data, as texts. */
export type TextRow = { number: number; cells: string[] }
export type SheetHeader = { row: number; order: HeaderOrder }

/** Rows that may stand above a header. */
export const MOST_TITLE_ROWS = 50

/** The header among the first rows of a sheet: the first that fits the columns, or the row that was declared; undefined where none fits. */
export function findHeader(
  rows: readonly TextRow[],
  columns: readonly string[],
  declared: number | undefined,
): SheetHeader | undefined {
  const candidates = declared === undefined ? rows : rows.filter(({ number }) => number === declared)
  for (const { number, cells } of candidates) {
    if (namesIn(cells, columns) === 0) continue
    const order = orderOf(cells, columns)
    if (order !== undefined) return { row: number, order }
  }
  return undefined
}

/** How near the rows of a sheet come to a header: the most column names that one of them has. */
export function nearness(rows: readonly TextRow[], columns: readonly string[]): number {
  return Math.max(0, ...rows.map(({ cells }) => namesIn(cells, columns)))
}

/** Says what the nearest row lacks to be a header, always by throwing `csv-header`. */
export function refuseHeader(
  rows: readonly TextRow[],
  columns: readonly string[],
  declared: number | undefined,
): never {
  const candidates = declared === undefined ? rows : rows.filter(({ number }) => number === declared)
  const most = nearness(candidates, columns)
  const nearest = candidates.find(({ cells }) => namesIn(cells, columns) === most)
  if (nearest === undefined || most === 0) {
    const places: ErrorPlace[] = [
      { pointer: declared === undefined ? '/header' : `/header/${declared}`, code: 'header-missing' },
    ]
    throw new TitianError('csv-header', 'no row names a column of the dataset', { places })
  }
  headerOrder(nearest.cells, columns)
  throw new Error('a header that fits was refused')
}

function orderOf(cells: readonly string[], columns: readonly string[]): HeaderOrder | undefined {
  try {
    return headerOrder(cells, columns)
  } catch (error) {
    if (error instanceof TitianError) return undefined
    throw error
  }
}
