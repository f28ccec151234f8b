import { unescapeText } from '../../io/workbook/escape-xml.ts'
import type { NumberFormat } from './number-format.ts'
import type { SheetCell } from './sheet.ts'
import { numberText } from './value.ts'
import { broken } from './xml.ts'

/** What the cells of a workbook refer to. */
export type CellContext = {
  strings: { get(index: number): string | undefined }
  styles: readonly NumberFormat[]
  is1904: boolean
}

/** What a formula shows whose result was never computed: programs write formulas that only a spreadsheet works out. */
const UNCOMPUTED = '#CALC!'

/**
 * The text of a cell. Of a formula it is the result that the workbook keeps; an error (`#REF!`) stays what it is, so that it is told and
 * not taken. Throws `body-broken` where a string is not there.
 */
export function cellText(cell: SheetCell, { strings, styles, is1904 }: CellContext, decimal: string): string {
  const { type, value } = cell
  if (value === undefined) return cell.hasFormula ? UNCOMPUTED : ''
  if (type === 'n') return numberText(value, styles[cell.style], { is1904, decimal }) ?? value
  if (type === 's') {
    const text = strings.get(Number(value))
    if (text === undefined) throw broken('refers to a string that is not there')
    return unescapeText(text)
  }
  if (type === 'b') return value.trim() === '1' ? 'TRUE' : 'FALSE'
  if (type === 'd')
    return value
      .trim()
      .replace(/T00:00(:00(\.0+)?)?Z?$/, '')
      .replace('T', ' ')
  return type === 'e' ? value : unescapeText(value)
}
