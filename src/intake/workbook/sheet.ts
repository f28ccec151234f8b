import { columnOf } from '../../io/workbook/cell-name.ts'
import { isTrue } from './parts.ts'
import { broken, type XmlReader } from './xml.ts'

/** A cell as the sheet says it; `type` is `n` where it says none. */
export type SheetCell = { column: number; type: string; style: number; value: string | undefined; hasFormula: boolean }
export type SheetRow = { number: number; isHidden: boolean; cells: SheetCell[] }

/** What a sheet says beside its rows. */
export type SheetTraits = { hiddenColumns: number; mergedDown: number; formulas: number }

const MOST_COLUMNS = 16_384
const MOST_CELLS = 200_000_000

/**
 * Reads the rows of a sheet as they come, in their order; cells and rows may lack their names, then they follow one another. Throws
 * `body-broken` for a sheet whose rows or cells stand out of order.
 */
export function sheetReader(onRow: (row: SheetRow) => void): { reader: XmlReader; traits: SheetTraits } {
  const traits: SheetTraits = { hiddenColumns: 0, mergedDown: 0, formulas: 0 }
  let row: SheetRow | undefined
  let cell: SheetCell | undefined
  let last = 0
  let cells = 0
  /** What a text belongs to: the value, or a run of the text that stands in the cell. */
  let isValue = false
  let phonetic = 0

  const openRow = (attributes: Readonly<Record<string, string>>) => {
    const number = attributes.r === undefined ? last + 1 : Number(attributes.r)
    if (!(Number.isInteger(number) && number > last && number < 2 ** 31)) throw broken('has its rows out of order')
    last = number
    row = { number, isHidden: isTrue(attributes.hidden), cells: [] }
  }
  const openCell = ({ cells: before }: SheetRow, { r, t, s }: Readonly<Record<string, string>>) => {
    const next = (before.at(-1)?.column ?? -1) + 1
    const column = r === undefined ? next : columnOf(r)
    if (column < next || column >= MOST_COLUMNS) throw broken('has its cells out of order')
    cells += 1
    if (cells > MOST_CELLS) throw broken('has more cells than are read of one workbook')
    cell = { column, type: t ?? 'n', style: Number(s ?? 0), value: undefined, hasFormula: false }
    before.push(cell)
  }

  const reader: XmlReader = {
    open(name, attributes) {
      if (row !== undefined) {
        if (cell === undefined) {
          if (name === 'c') openCell(row, attributes)
        } else if (name === 'v' || (name === 't' && phonetic === 0)) {
          isValue = true
          cell.value ??= ''
        } else if (name === 'f') {
          cell.hasFormula = true
          traits.formulas += 1
        } else if (name === 'rPh') phonetic += 1
      } else if (name === 'row') openRow(attributes)
      else if (name === 'col' && isTrue(attributes.hidden)) {
        traits.hiddenColumns += Math.max(0, Number(attributes.max) - Number(attributes.min) + 1) || 0
      } else if (name === 'mergeCell' && /[A-Z]([0-9]+):[A-Z]+(?!\1$)[0-9]+$/i.test(attributes.ref ?? '')) {
        traits.mergedDown += 1
      }
    },
    text(text) {
      if (isValue && cell !== undefined) cell.value = (cell.value ?? '') + text
    },
    close(name) {
      if (name === 'v' || name === 't') isValue = false
      else if (name === 'rPh') phonetic -= 1
      else if (name === 'c') cell = undefined
      else if (name === 'row' && row !== undefined) {
        const whole = row
        row = undefined
        onRow(whole)
      }
    },
  }
  return { reader, traits }
}
