const A = 65
const LETTERS = 26

/** The name of a cell as spreadsheets write it: column 0 of row 1 is `A1`. */
export function cellName(column: number, row: number): string {
  return columnName(column) + row
}

/** The letters of a column, from 0: `A`, `Z`, `AA`. */
function columnName(column: number): string {
  let name = ''
  for (let rest = column; rest >= 0; rest = Math.floor(rest / LETTERS) - 1) {
    name = String.fromCharCode(A + (rest % LETTERS)) + name
  }
  return name
}

/** The column, from 0, of a cell's name (`AB12` is 27); -1 where it begins with no letter. */
export function columnOf(name: string): number {
  let column = 0
  for (let at = 0; at < name.length; at += 1) {
    const letter = (name.charCodeAt(at) & ~0x20) - A
    if (letter < 0 || letter >= LETTERS) return column - 1
    column = column * LETTERS + letter + 1
  }
  return column - 1
}
