import { writeZip } from '../../src/io/workbook/zip-out.ts'

/** A workbook given as the XML of its parts, so that tests can make odd ones; what is not given is as most writers have it. */
export type WorkbookParts = {
  /** The XML of each sheet below `worksheet`, by its name. */
  sheets: Record<string, string>
  /** Names of sheets that are hidden. */
  hidden?: string[]
  strings?: string[]
  /** Number formats of the cell styles: `14`, or a code. */
  formats?: (number | string)[]
  is1904?: boolean
  /** A namespace prefix of all elements. */
  prefix?: string
  /** Parts that take the place of others, or stand beside them. */
  other?: Record<string, string | Buffer>
}

const MAIN = 'http://schemas.openxmlformats.org/spreadsheetml/2006/main'
const OFFICE = 'http://schemas.openxmlformats.org/officeDocument/2006/relationships'
const PACKAGE = 'http://schemas.openxmlformats.org/package/2006/relationships'
const FIRST_OWN_FORMAT = 164

/** The bytes of a workbook. */
export async function workbookOf(parts: WorkbookParts): Promise<Buffer> {
  const { sheets, hidden = [], strings, formats = [], is1904 = false, prefix = '', other = {} } = parts
  const names = Object.keys(sheets)
  const at = prefix === '' ? '' : `${prefix}:`
  const named = (xml: string) => xml.replaceAll(/<(\/?)(?=[A-Za-z])/g, `<$1${at}`)
  const root = (name: string, inside: string) =>
    `<${at}${name} xmlns${prefix === '' ? '' : `:${prefix}`}="${MAIN}" xmlns:r="${OFFICE}">${named(inside)}</${at}${name}>`
  const relations = (targets: [string, string][]) =>
    `<Relationships xmlns="${PACKAGE}">${targets.map(([kind, target], index) => `<Relationship Id="rId${index + 1}" Type="${OFFICE}/${kind}" Target="${target}"/>`).join('')}</Relationships>`
  const files: Record<string, string | Buffer> = {
    '_rels/.rels': relations([['officeDocument', 'xl/workbook.xml']]),
    'xl/workbook.xml': root(
      'workbook',
      `${is1904 ? '<workbookPr date1904="1"/>' : ''}<sheets>${names.map((name, index) => `<sheet name="${name}" sheetId="${index + 7}" ${hidden.includes(name) ? 'state="hidden" ' : ''}r:id="rId${index + 1}"/>`).join('')}</sheets>`,
    ),
    'xl/_rels/workbook.xml.rels': relations([
      ...names.map((_, index) => ['worksheet', `worksheets/s${index}.xml`] as [string, string]),
      ...(strings === undefined ? [] : [['sharedStrings', '/xl/sharedStrings.xml'] as [string, string]]),
      ...(formats.length === 0 ? [] : [['styles', 'styles.xml'] as [string, string]]),
    ]),
    ...Object.fromEntries(
      Object.values(sheets).map((xml, index) => [`xl/worksheets/s${index}.xml`, root('worksheet', xml)]),
    ),
    ...(strings !== undefined && {
      'xl/sharedStrings.xml': root('sst', strings.map((text) => `<si>${text}</si>`).join('')),
    }),
    ...(formats.length > 0 && { 'xl/styles.xml': root('styleSheet', stylesOf(formats)) }),
    ...other,
  }
  return zipOf(files)
}

/** The bytes of a ZIP. */
export async function zipOf(files: Record<string, string | Buffer>): Promise<Buffer> {
  const parts = Object.entries(files).map(([name, content]) => ({ name, content: [Buffer.from(content)] }))
  return Buffer.concat(await allOf(writeZip(parts)))
}

/** Everything that a source gives. */
export async function allOf<T>(source: AsyncIterable<T>): Promise<T[]> {
  const all: T[] = []
  for await (const one of source) all.push(one)
  return all
}

/** The data of a sheet: each row an array of cells as XML, or of texts as inline strings. */
export function sheetData(...rows: string[][]): string {
  const cells = (row: string[]) =>
    row.map((cell) => (cell.startsWith('<c') ? cell : `<c t="inlineStr"><is><t>${cell}</t></is></c>`)).join('')
  return `<sheetData>${rows.map((row) => `<row>${cells(row)}</row>`).join('')}</sheetData>`
}

function stylesOf(formats: readonly (number | string)[]): string {
  const own = formats.map((format, index) =>
    typeof format === 'string' ? `<numFmt numFmtId="${FIRST_OWN_FORMAT + index}" formatCode="${format}"/>` : '',
  )
  const each = formats.map(
    (format, index) => `<xf numFmtId="${typeof format === 'string' ? FIRST_OWN_FORMAT + index : format}"/>`,
  )
  return `<numFmts>${own.join('')}</numFmts><cellStyleXfs><xf numFmtId="14"/></cellStyleXfs><cellXfs>${each.join('')}</cellXfs>`
}
