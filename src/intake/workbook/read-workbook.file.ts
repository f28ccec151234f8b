import type { LooseEntry } from '../../engine/chunks/packing.ts'
import { packEntries } from '../../engine/chunks/packing.ts'
import type { FileForm } from '../../engine/file-form.ts'
import { SealedFile, type SealedHandle } from '../../io/sealed-file.ts'
import type { CsvFormat } from '../formats/csv.ts'
import type { CellContext } from './cell-text.ts'
import type { WorkbookChoice } from './choice.ts'
import { notAWorkbook } from './not-a-workbook.ts'
import { openPackage, type Package, type UnpackLimits } from './package.file.ts'
import { relationsOf, stylesOf, type WorkbookHead, workbookHead } from './parts.ts'
import { type SheetRow, type SheetTraits, sheetReader } from './sheet.ts'
import { findHeader, MOST_TITLE_ROWS, nearness, refuseHeader, type SheetHeader, type TextRow } from './sheet-header.ts'
import { isEmptyRow, sheetRowReader, textRow } from './sheet-rows.ts'
import { ambiguous, eligibleSheets, partName, type Sheet, sheetsOf } from './sheets.ts'
import { stringReader } from './string-reader.ts'
import { SharedStrings } from './strings.file.ts'
import { broken, type XmlReader, xmlFeed } from './xml.ts'

/** What is to be read, so that another thread can: a sealed file, the columns, and what the sender said of sheet and header. */
export type WorkbookTask = WorkbookChoice & {
  file: SealedHandle
  format: CsvFormat
  limits: UnpackLimits
  recordBytes: number
}

/** Entries, packed by `packEntries`; or, last, how the workbook was read. */
export type WorkbookPiece = { packed: Buffer } | { form: FileForm }

const GROUP_ENTRIES = 500
/** Rows that are looked at for a header, with those that are only coloured. */
const MOST_LOOKED_AT = 1000

/** Reads the entries of a workbook, part by part, without holding one. Throws as `readGroups` does. */
export async function* readWorkbook(task: WorkbookTask): AsyncGenerator<WorkbookPiece> {
  const { format, recordBytes, headerRow } = task
  const parts = await openPackage(new SealedFile(task.file), task.limits)
  const root = await read(parts, '_rels/.rels', relationsOf)
  const main = root?.find(({ kind }) => kind === 'officeDocument')?.target
  const path = partName('', main ?? 'xl/workbook.xml')
  const folder = path.slice(0, Math.max(0, path.lastIndexOf('/')))
  const head = await workbookOf(parts, path)
  const relations =
    (await read(parts, partName(folder, `_rels/${path.slice(folder.length).replace('/', '')}.rels`), relationsOf)) ?? []
  const partOf = (kind: string) => partName(folder, relations.find((one) => one.kind === kind)?.target ?? '')
  const sheets = eligibleSheets(sheetsOf(head.sheets, relations, folder), task.sheet)
  const strings = new SharedStrings()
  try {
    await feed(
      parts,
      partOf('sharedStrings'),
      stringReader((text) => strings.add(text)),
    )
    const styles = (await read(parts, partOf('styles'), stylesOf)) ?? []
    const context: CellContext = { strings, styles, is1904: head.is1904 }
    const { sheet, header } = await chooseSheet(parts, sheets, context, format, headerRow)
    const reading = sheetRowReader(header, format, context, recordBytes)
    let hiddenRows = 0
    let group: LooseEntry[] = []
    const { reader, traits } = sheetReader((row) => {
      const entry = reading(row)
      if (entry === undefined) return
      group.push(entry)
      if (row.isHidden) hiddenRows += 1
    })
    for await (const _ of fed(parts, sheet.part, reader)) {
      if (group.length < GROUP_ENTRIES) continue
      yield { packed: packEntries(group) }
      group = []
    }
    if (group.length > 0) yield { packed: packEntries(group) }
    yield { form: formOf(head, sheet, header, hiddenRows, traits) }
  } finally {
    strings.close()
  }
}

async function workbookOf(parts: Package, path: string): Promise<WorkbookHead> {
  const head = await read(parts, path, workbookHead)
  if (head === undefined || head.sheets.length === 0) throw notAWorkbook(parts.names)
  return head
}

/** The sheet that is meant, with its header: the one declared, or the only one that can be seen and has the columns. */
async function chooseSheet(
  parts: Package,
  sheets: readonly Sheet[],
  context: CellContext,
  { columns }: CsvFormat,
  declared: number | undefined,
): Promise<{ sheet: Sheet; header: SheetHeader }> {
  const found: { sheet: Sheet; header: SheetHeader }[] = []
  let nearest: TextRow[] = []
  for (const sheet of sheets) {
    const rows = await firstRows(parts, sheet.part, context, declared)
    const header = findHeader(rows, columns, declared)
    if (header !== undefined) found.push({ sheet, header })
    if (nearest.length === 0 || nearness(rows, columns) > nearness(nearest, columns)) nearest = rows
  }
  const [only] = found
  if (only === undefined) return refuseHeader(nearest, columns, declared)
  if (found.length > 1) throw ambiguous(found.map(({ sheet }) => sheet))
  return only
}

async function firstRows(parts: Package, part: string, context: CellContext, declared: number | undefined) {
  const rows: TextRow[] = []
  let looked = 0
  const isEnough = () =>
    rows.length >= MOST_TITLE_ROWS ||
    looked >= MOST_LOOKED_AT ||
    (rows.at(-1)?.number ?? 0) >= (declared ?? Number.POSITIVE_INFINITY)
  const { reader } = sheetReader((row: SheetRow) => {
    if (isEnough()) return
    looked += 1
    const texts = textRow(row, context)
    if (declared === undefined ? !isEmptyRow(texts) : row.number === declared) rows.push(texts)
  })
  for await (const _ of fed(parts, part, reader)) if (isEnough()) break
  return rows
}

/** Parses a part whole; undefined where there is none. */
async function read<T>(
  parts: Package,
  name: string,
  parsing: () => { reader: XmlReader; value: T },
): Promise<T | undefined> {
  const { reader, value } = parsing()
  return (await feed(parts, name, reader)) ? value : undefined
}

async function feed(parts: Package, name: string, reader: XmlReader): Promise<boolean> {
  if (parts.read(name) === undefined) return false
  for await (const _ of fed(parts, name, reader));
  return true
}

/** Parses a part, and stops for a moment after each of its pieces. */
async function* fed(parts: Package, name: string, reader: XmlReader): AsyncGenerator<undefined> {
  const bytes = parts.read(name)
  if (bytes === undefined) throw broken('is not there')
  const xml = xmlFeed(reader)
  for await (const piece of bytes) {
    xml.push(piece)
    yield
  }
  xml.end()
}

function formOf(
  { sheets, is1904 }: WorkbookHead,
  { name, number }: Sheet,
  { row }: SheetHeader,
  hiddenRows: number,
  { hiddenColumns, mergedDown, formulas }: SheetTraits,
): FileForm {
  return {
    kind: 'xlsx',
    sheet: name,
    sheet_number: number,
    sheets: sheets.length,
    header_line: row,
    date_epoch: is1904 ? 1904 : 1900,
    hidden_rows: hiddenRows,
    hidden_columns: hiddenColumns,
    merged_down: mergedDown,
    formulas,
  }
}
