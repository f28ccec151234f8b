import { cellName } from './cell-name.ts'
import { escapeXml } from './escape-xml.ts'
import { writeZip, type ZipPart } from './zip-out.ts'

/** A table to be written: its name is that of the sheet, its columns are the header. */
export type WrittenTable = { name: string; columns: readonly string[] }

/** Rows of a sheet, with its header: what spreadsheets can show. */
const MOST_ROWS = 1_048_576
/** Bytes of one sheet, so that none comes near the 4 GB of a ZIP. */
const MOST_SHEET_BYTES = 2 ** 31
/** Characters of a cell, by the same programs. */
export const LONGEST_CELL = 32_767
const LONGEST_NAME = 31
const PIECE_LENGTH = 64 * 1024

const DECLARATION = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
const MAIN = 'http://schemas.openxmlformats.org/spreadsheetml/2006/main'
const OFFICE = 'http://schemas.openxmlformats.org/officeDocument/2006/relationships'
const PACKAGE = 'http://schemas.openxmlformats.org/package/2006'
const TYPE = 'application/vnd.openxmlformats-officedocument.spreadsheetml'

/** Style 1 is text (format 49), so that what a person types there keeps its digits; style 2 is the header. */
const XF = 'fontId="0" fillId="0" borderId="0"'
const STYLES = [
  `${DECLARATION}<styleSheet xmlns="${MAIN}">`,
  '<fonts count="2"><font><sz val="11"/><name val="Calibri"/></font><font><b/><sz val="11"/><name val="Calibri"/></font></fonts>',
  '<fills count="2"><fill><patternFill patternType="none"/></fill><fill><patternFill patternType="gray125"/></fill></fills>',
  `<borders count="1"><border/></borders><cellStyleXfs count="1"><xf numFmtId="0" ${XF}/></cellStyleXfs>`,
  `<cellXfs count="3"><xf numFmtId="0" ${XF} xfId="0"/><xf numFmtId="49" ${XF} xfId="0" applyNumberFormat="1"/>`,
  '<xf numFmtId="49" fontId="1" fillId="0" borderId="0" xfId="0" applyNumberFormat="1" applyFont="1"/></cellXfs></styleSheet>',
]

/**
 * Writes a table as an XLSX workbook, as a stream: every cell is text, with all its digits, and no text is a formula. A table of more
 * rows than a sheet has goes on in the next one, under the same header. Throws a RangeError for a cell that no spreadsheet can hold.
 */
export function writeXlsx(
  table: WrittenTable,
  rows: AsyncIterable<readonly string[]> | Iterable<readonly string[]>,
): AsyncGenerator<Buffer> {
  return writeZip(partsOf(table, rows))
}

async function* partsOf(table: WrittenTable, rows: AsyncIterable<readonly string[]> | Iterable<readonly string[]>) {
  const source = Symbol.asyncIterator in rows ? rows[Symbol.asyncIterator]() : rows[Symbol.iterator]()
  let sheets = 0
  let next = await source.next()
  do {
    sheets += 1
    yield part(`xl/worksheets/sheet${sheets}.xml`, sheet())
  } while (next.done !== true)
  const numbers = Array.from({ length: sheets }, (_, at) => at + 1)
  yield part('xl/styles.xml', STYLES)
  yield part('xl/workbook.xml', [workbook(table.name, numbers)])
  yield part('xl/_rels/workbook.xml.rels', [
    relationships([
      ...numbers.map((number) => ['worksheet', `worksheets/sheet${number}.xml`] as const),
      ['styles', 'styles.xml'],
    ]),
  ])
  yield part('_rels/.rels', [relationships([['officeDocument', 'xl/workbook.xml']])])
  yield part('[Content_Types].xml', [contentTypes(numbers)])

  /** The next sheet, with as many of the rows as it takes. */
  async function* sheet(): AsyncGenerator<string> {
    yield `${DECLARATION}<worksheet xmlns="${MAIN}"><sheetViews><sheetView workbookViewId="0"><pane ySplit="1" topLeftCell="A2" activePane="bottomLeft" state="frozen"/></sheetView></sheetViews>`
    const width = Math.max(1, table.columns.length)
    yield `<cols><col min="1" max="${width}" width="20" style="1" customWidth="1"/></cols><sheetData>`
    let bytes = 0
    yield rowText(table.columns, 1, 2)
    for (let number = 2; next.done !== true && number <= MOST_ROWS && bytes < MOST_SHEET_BYTES; number += 1) {
      const text = rowText(next.value, number, 1)
      bytes += text.length
      yield text
      next = await source.next()
    }
    yield '</sheetData></worksheet>'
  }
}

function part(name: string, texts: AsyncIterable<string> | Iterable<string>): ZipPart {
  return { name, content: pieces(texts) }
}

/** Gathers texts, since a piece for each row would cost more than its bytes. */
async function* pieces(texts: AsyncIterable<string> | Iterable<string>): AsyncGenerator<Buffer> {
  let gathered = ''
  for await (const text of texts) {
    gathered += text
    if (gathered.length < PIECE_LENGTH) continue
    yield Buffer.from(gathered)
    gathered = ''
  }
  if (gathered !== '') yield Buffer.from(gathered)
}

function rowText(cells: readonly string[], number: number, style: number): string {
  let text = `<row r="${number}">`
  for (let at = 0; at < cells.length; at += 1) {
    const cell = cells[at] as string
    if (cell === '') continue
    if (cell.length > LONGEST_CELL)
      throw new RangeError(`row ${number}: a cell has more than ${LONGEST_CELL} characters`)
    text += `<c r="${cellName(at, number)}" s="${style}" t="inlineStr"><is><t xml:space="preserve">${escapeXml(cell)}</t></is></c>`
  }
  return `${text}</row>`
}

function workbook(name: string, numbers: readonly number[]): string {
  const sheets = numbers.map((number) => {
    const title = number === 1 ? sheetName(name, '') : sheetName(name, ` (${number})`)
    return `<sheet name="${escapeXml(title)}" sheetId="${number}" r:id="rId${number}"/>`
  })
  return `${DECLARATION}<workbook xmlns="${MAIN}" xmlns:r="${OFFICE}"><sheets>${sheets.join('')}</sheets></workbook>`
}

/** A name as sheets may have: without the signs of references, and not longer than spreadsheets take. */
function sheetName(name: string, ending: string): string {
  const plain = name
    .replaceAll(/[[\]:*?/\\]/g, ' ')
    .replaceAll(/^'+|'+$/g, '')
    .trim()
  return `${(plain === '' ? 'data' : plain).slice(0, LONGEST_NAME - ending.length)}${ending}`
}

function relationships(targets: readonly (readonly [kind: string, target: string])[]): string {
  const each = targets.map(
    ([kind, target], at) => `<Relationship Id="rId${at + 1}" Type="${OFFICE}/${kind}" Target="${target}"/>`,
  )
  return `${DECLARATION}<Relationships xmlns="${PACKAGE}/relationships">${each.join('')}</Relationships>`
}

function contentTypes(numbers: readonly number[]): string {
  const override = (name: string, kind: string) =>
    `<Override PartName="/xl/${name}.xml" ContentType="${TYPE}.${kind}+xml"/>`
  const sheets = numbers.map((number) => override(`worksheets/sheet${number}`, 'worksheet'))
  return `${DECLARATION}<Types xmlns="${PACKAGE}/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>${override('workbook', 'sheet.main')}${override('styles', 'styles')}${sheets.join('')}</Types>`
}
