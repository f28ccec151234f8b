/** Aligns rows of cells under each other, indented; cells of columns `from` up to `to` stand at the right, as numbers do. */
export function table(rows: readonly (readonly string[])[], from: number, to = Number.POSITIVE_INFINITY): string[] {
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)))
  return rows.map((row) => {
    const cells = row.map((cell, column) => {
      const width = widths[column] ?? 0
      return column >= from && column <= to ? cell.padStart(width) : cell.padEnd(width)
    })
    return `  ${cells.join('  ').trimEnd()}`
  })
}
