import { stripVTControlCharacters } from 'node:util'

/** Aligns rows of cells under each other, indented; cells of columns `from` up to `to` stand at the right, as numbers do. */
export function table(rows: readonly (readonly string[])[], from: number, to = Number.POSITIVE_INFINITY): string[] {
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => widthOf(row[column] ?? ''))))
  return rows.map((row) => {
    const cells = row.map((cell, column) => {
      const room = ' '.repeat((widths[column] ?? 0) - widthOf(cell))
      return column >= from && column <= to ? room + cell : cell + room
    })
    return `  ${cells.join('  ').trimEnd()}`
  })
}

/** Colours take no place. */
function widthOf(cell: string): number {
  return stripVTControlCharacters(cell).length
}
