import { type NumberFormat, numberFormat } from './number-format.ts'
import { localName, type XmlReader } from './xml.ts'

/** A relation of a part of a package to another: by the last word of its type, which two standards share. */
export type Relation = { id: string; kind: string; target: string }
/** A sheet as the workbook lists it; `relation` leads to its part. */
export type SheetHead = { name: string; relation: string; isHidden: boolean }
export type WorkbookHead = { sheets: SheetHead[]; is1904: boolean }

type Parsing<T> = { reader: XmlReader; value: T }

const SILENT = { close: () => undefined, text: () => undefined }

/** Reads the relations of a part. */
export function relationsOf(): Parsing<Relation[]> {
  const value: Relation[] = []
  const open: XmlReader['open'] = (name, { Id, Type, Target, TargetMode }) => {
    if (name !== 'Relationship' || TargetMode === 'External') return
    value.push({ id: Id ?? '', kind: (Type ?? '').split('/').at(-1) ?? '', target: Target ?? '' })
  }
  return { value, reader: { ...SILENT, open } }
}

/** Reads the list of sheets, and what day serials count from. */
export function workbookHead(): Parsing<WorkbookHead> {
  const value: WorkbookHead = { sheets: [], is1904: false }
  const open: XmlReader['open'] = (name, attributes) => {
    if (name === 'workbookPr') value.is1904 = isTrue(attributes.date1904)
    if (name !== 'sheet') return
    const relation = Object.entries(attributes).find(([key]) => key.includes(':') && localName(key) === 'id')?.[1]
    const isHidden = ['hidden', 'veryHidden'].includes(attributes.state ?? '')
    value.sheets.push({ name: attributes.name ?? '', relation: relation ?? '', isHidden })
  }
  return { value, reader: { ...SILENT, open } }
}

const MOST_STYLES = 100_000

/** Reads the number format of each cell style. */
export function stylesOf(): Parsing<NumberFormat[]> {
  const value: NumberFormat[] = []
  const codes = new Map<number, string>()
  let isInside = false
  return {
    value,
    reader: {
      text: () => undefined,
      open(name, attributes) {
        if (name === 'numFmt') codes.set(Number(attributes.numFmtId), attributes.formatCode ?? '')
        else if (name === 'cellXfs') isInside = true
        else if (name === 'xf' && isInside && value.length < MOST_STYLES) {
          const id = Number(attributes.numFmtId ?? 0)
          value.push(numberFormat(id, codes.get(id)))
        }
      },
      close(name) {
        if (name === 'cellXfs') isInside = false
      },
    },
  }
}

/** Whether an attribute of type boolean is true (ECMA-376, 22.9.2.1). */
export function isTrue(attribute: string | undefined): boolean {
  return attribute === '1' || attribute === 'true' || attribute === 'on'
}
