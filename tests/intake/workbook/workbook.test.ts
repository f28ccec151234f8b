import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { RawEntry } from '../../../src/domain/entry.ts'
import { unpackEntries } from '../../../src/engine/chunks/packing.ts'
import type { FileForm } from '../../../src/engine/file-form.ts'
import { type FileKind, uploadEntries } from '../../../src/intake/read-upload.file.ts'
import type { WorkbookChoice } from '../../../src/intake/workbook/choice.ts'
import { readWorkbook } from '../../../src/intake/workbook/read-workbook.file.ts'
import { SealedFile } from '../../../src/io/sealed-file.ts'
import { writeXlsx } from '../../../src/io/workbook/xlsx-out.ts'
import { allOf, sheetData, type WorkbookParts, workbookOf, zipOf } from '../../support/workbook.ts'

const COLUMNS = ['nik', 'nama', 'lahir']
const LIMITS = { unpackedBytes: 50_000_000, ratio: 200, ratioFrom: 1_000_000 }

async function* inPieces(bytes: Buffer, size = 7000): AsyncGenerator<Buffer> {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size)
}

type Reading = WorkbookChoice & { columns?: string[]; decimals?: Record<string, string>; kind?: FileKind }

type Read = { entries: RawEntry[]; form: FileForm | undefined }

function formatOf({ columns = COLUMNS, decimals }: Reading) {
  return {
    ...{ kind: 'csv' as const, delimiter: ',', columns, encodings: ['utf-8' as const] },
    ...(decimals && { decimals }),
  }
}

/** The whole way, through the thread. */
async function readBytes(bytes: Buffer, reading: Reading = {}): Promise<Read> {
  const { columns, decimals, kind = 'workbook', ...choice } = reading
  let form: FileForm | undefined
  const entries = await allOf(
    uploadEntries(inPieces(bytes), formatOf(reading), {
      ...choice,
      ...{ kind, limits: LIMITS, recordBytes: 10_000 },
      tell: (told) => {
        form = told
      },
    }),
  )
  return { entries, form }
}

/** What the thread does, without a thread. */
async function readHere(bytes: Buffer, reading: Reading = {}): Promise<Read> {
  const { columns, decimals, kind, ...choice } = reading
  const file = new SealedFile()
  await file.append(bytes)
  const task = { file: file.handle, format: formatOf(reading), limits: LIMITS, recordBytes: 10_000, ...choice }
  const pieces = await allOf(readWorkbook(task)).finally(() => file.close())
  const entries = pieces.flatMap((piece) => ('packed' in piece ? unpackEntries(piece.packed) : []))
  return { entries, form: pieces.flatMap((piece) => ('form' in piece ? piece.form : []))[0] }
}

async function read(parts: WorkbookParts, reading?: Reading) {
  return readHere(await workbookOf(parts), reading)
}

/** Entries in short: line, cells or the code of the refusal, notes. */
function told(entries: readonly RawEntry[]): unknown[] {
  return entries.map(({ line, form, text, notes }) => [
    line,
    form === 'cells' ? JSON.parse(text) : text,
    ...(notes ?? []),
  ])
}

async function refusal(reading: Promise<unknown>): Promise<string> {
  const error = await reading.then(
    () => expect.fail('it was read'),
    (thrown: { code: string; places: { pointer: string; code: string }[] }) => thrown,
  )
  return [error.code, ...error.places.map(({ pointer, code }) => `${pointer} ${code}`)].join(' ')
}

/** The one value that a cell is read as. */
async function textIn(cell: string, more: Omit<WorkbookParts, 'sheets'> = {}, reading: Reading = {}): Promise<string> {
  const { entries } = await read(
    { ...more, sheets: { S: sheetData(['v', 'w'], [cell, 'x']) } },
    { columns: ['v', 'w'], ...reading },
  )
  return (JSON.parse(entries[0]?.text ?? '[]') as string[])[0] ?? ''
}

describe('a workbook', () => {
  it('gives its rows as entries, by their numbers', async () => {
    const sheet = sheetData(
      ['nama', 'nik', 'lahir'],
      ['SUTARMI', '3175096005700950', '1970-05-20'],
      ['', '', ''],
      ['WAGIMAN', '', ''],
    )
    const { entries, form } = await readBytes(await workbookOf({ sheets: { Anggota: sheet } }))
    expect(told(entries)).toEqual([
      [2, ['3175096005700950', 'SUTARMI', '1970-05-20']],
      [4, ['', 'WAGIMAN', '']],
    ])
    expect(form).toEqual({
      ...{ kind: 'xlsx', sheet: 'Anggota', sheet_number: 1, sheets: 1, header_line: 1, date_epoch: 1900 },
      ...{ hidden_rows: 0, hidden_columns: 0, merged_down: 0, formulas: 0 },
    })
  })

  it.for(['x', 'ss'])('is read whatever prefix its writer chose: %s', async (prefix) => {
    const sheet = sheetData(COLUMNS, ['1', 'A', '2'])
    const { entries } = await read({ prefix, sheets: { S: sheet }, formats: [0] })
    expect(told(entries)).toEqual([[2, ['1', 'A', '2']]])
  })

  it('has its header found below titles that were merged', async () => {
    const sheet = `${sheetData(['DAFTAR WARGA'], [''], COLUMNS, ['1', 'A', ''])}<mergeCells><mergeCell ref="A1:C1"/><mergeCell ref="A4:A9"/></mergeCells>`
    const { entries, form } = await read({ sheets: { S: sheet } })
    expect(told(entries)).toEqual([[4, ['1', 'A', '']]])
    expect([form?.header_line, form?.merged_down]).toEqual([3, 1])
  })

  it('has its header in the row that was said', async () => {
    const sheets = { S: sheetData(COLUMNS, ['1', 'A', ''], COLUMNS, ['2', 'B', '']) }
    expect(told((await read({ sheets }, { headerRow: 3 })).entries)).toEqual([[4, ['2', 'B', '']]])
    expect(await refusal(read({ sheets }, { headerRow: 2 }))).toBe('csv-header /header/2 header-missing')
    expect(await refusal(read({ sheets: { S: sheetData(['x'], ['y']) } }))).toBe('csv-header /header header-missing')
    expect(await refusal(read({ sheets: { S: sheetData(['t'], ['nik', 'nama', 'lahr']) } }))).toBe(
      'csv-header /header/2 column-unknown /columns/lahir column-missing',
    )
  })

  it('is read from the sheet that was said, or the only one with the columns', async () => {
    const data = (name: string) => sheetData(COLUMNS, ['1', name, ''])
    const sheets = { Petunjuk: sheetData(['Isi lembar berikut']), 'Anggota 1': data('A'), Lama: data('B') }
    const one = await read({ sheets, hidden: ['Lama'] })
    expect([told(one.entries), one.form?.sheet, one.form?.sheet_number]).toEqual([
      [[2, ['1', 'A', '']]],
      'Anggota 1',
      2,
    ])
    expect(await refusal(read({ sheets }))).toBe('body-form /sheets/2 sheet-fits /sheets/3 sheet-fits')
    for (const sheet of ['Lama', 'lama', '3']) {
      expect([sheet, told((await read({ sheets, hidden: ['Lama'] }, { sheet })).entries)]).toEqual([
        sheet,
        [[2, ['1', 'B', '']]],
      ])
    }
    expect(await refusal(read({ sheets }, { sheet: 'Baru' }))).toMatch(/^body-form \/sheets\/1 sheet-other/)
  })

  it('says which of its rows, and how many of its columns, are hidden', async () => {
    const sheet = `<cols><col min="2" max="3" hidden="1"/></cols>${sheetData(COLUMNS, ['1', 'A', '']).replace('<row><c t="inlineStr"><is><t>1', '<row hidden="1"><c t="inlineStr"><is><t>1')}`
    const { entries, form } = await read({ sheets: { S: sheet } })
    expect(told(entries)).toEqual([[2, ['1', 'A', ''], 'row-hidden']])
    expect([form?.hidden_rows, form?.hidden_columns]).toEqual([1, 2])
  })

  it('has a second column of a name as name.2, blanks in names, and empty columns beside', async () => {
    const sheet = sheetData(
      [' nama\n(KTP)', 'nik', 'nama', 'nama', ' '],
      ['1', '2', '3', '4', ''],
      ['1', '2', '3', '4', 'catatan'],
    )
    const { entries } = await read({ sheets: { S: sheet } }, { columns: ['nik', 'nama', 'nama.2', 'nama (KTP)'] })
    expect(told(entries)).toEqual([
      [2, ['2', '3', '4', '1'], 'csv-columns-doubled'],
      [3, 'csv-cell-nameless'],
    ])
    expect(await refusal(read({ sheets: { S: sheetData([...COLUMNS, 'nik']) } }))).toBe(
      'csv-header /header/3 column-twice',
    )
  })

  it('tells a header inside it, and a row that is too long, by their rows', async () => {
    const { entries } = await read({
      sheets: { S: sheetData(COLUMNS, COLUMNS, ['1', 'x'.repeat(10_000), ''], ['2', 'B', '']) },
    })
    expect(told(entries)).toEqual([
      [2, 'csv-header-again'],
      [3, 'line-too-long'],
      [4, ['2', 'B', '']],
    ])
  })
})

describe('a cell', () => {
  const styles = {
    formats: [
      0,
      14,
      'dd/mm/yyyy',
      '[$-421]dd mmmm yyyy;@',
      '0000',
      'yyyy-mm-dd hh:mm',
      '[h]:mm',
      '&quot;hari&quot; 0',
      49,
      'General',
    ],
  }
  it.for([
    ['a whole number', '<c><v>17</v></c>', '17'],
    ['a fraction', '<c><v>0.30000000000000004</v></c>', '0.3'],
    ['a negative', '<c><v>-8.422706</v></c>', '-8.422706'],
    ['a number of 15 digits', '<c><v>317509600570095</v></c>', '317509600570095'],
    ['a number with an exponent that lost nothing', '<c><v>1.5E3</v></c>', '1500'],
    ['an identity that lost its last digit', '<c><v>3175096005700950</v></c>', '3.17509600570095E+15'],
    ['an identity rounded and printed so', '<c><v>3.17509600570095E+15</v></c>', '3.17509600570095E+15'],
    ['an identity that a program wrote whole', '<c><v>3175096005700951</v></c>', '3175096005700951'],
    ['an identity beyond what a number holds', '<c><v>9471096005700953</v></c>', '9.471096005700952E+15'],
    ['a number with zeros before it', '<c s="4"><v>17</v></c>', '0017'],
    ['a date', '<c s="1"><v>31564</v></c>', '1986-06-01'],
    ['a date by its own format', '<c s="2"><v>31564</v></c>', '1986-06-01'],
    ['a date by a format of Indonesia', '<c s="3"><v>31564</v></c>', '1986-06-01'],
    ['a day before the one that never was', '<c s="1"><v>59</v></c>', '1900-02-28'],
    ['the day that never was', '<c s="1"><v>60</v></c>', '60'],
    ['the day behind it', '<c s="1"><v>61</v></c>', '1900-03-01'],
    ['a time of a day', '<c s="5"><v>31564.75</v></c>', '1986-06-01 18:00:00'],
    ['a duration', '<c s="6"><v>1.5</v></c>', '1.5'],
    ['a number with a word', '<c s="7"><v>3</v></c>', '3'],
    ['an ISO date of the strict form', '<c t="d"><v>1986-06-01T00:00:00</v></c>', '1986-06-01'],
    ['a truth', '<c t="b"><v>1</v></c>', 'TRUE'],
    ['an untruth', '<c t="b"><v>0</v></c>', 'FALSE'],
    ['an error', '<c t="e"><v>#REF!</v></c>', '#REF!'],
    ['the result of a formula', '<c t="str"><f>A1</f><v>hasil</v></c>', 'hasil'],
    ['a formula without a result', '<c><f>A1</f></c>', '#CALC!'],
    ['a shared string', '<c t="s"><v>1</v></c>', 'kedua'],
    ['a rich text, without how it is spoken', '<c t="s"><v>0</v></c>', 'satu dua'],
    [
      'an inline rich text',
      '<c t="inlineStr"><is><r><t>a</t></r><r><t xml:space="preserve"> b</t></r></is></c>',
      'a b',
    ],
    ['an escape', '<c t="inlineStr"><is><t>a_x000D_b_x005F_x0041_</t></is></c>', 'a\rb_x0041_'],
    ['character data', '<c t="inlineStr"><is><t><![CDATA[a<b]]></t></is></c>', 'a<b'],
  ] as const)('of %s is read', async ([, cell, value]) => {
    const strings = [
      '<r><t>satu</t></r><r><rPr/><t xml:space="preserve"> dua</t></r><rPh sb="0" eb="1"><t>no</t></rPh>',
      '<t>kedua</t>',
    ]
    expect(await textIn(cell, { ...styles, strings })).toBe(value)
  })

  it('of a date counts from 1904 where the workbook says so', async () => {
    expect(await textIn('<c s="0"><v>30102</v></c>', { formats: [14], is1904: true })).toBe('1986-06-01')
  })

  it('of a fraction has the sign that the dataset reads in its column', async () => {
    expect(await textIn('<c><v>1.125</v></c>', {}, { decimals: { v: ',' } })).toBe('1,125')
  })
})

describe('what is no workbook that can be read', () => {
  const sheets = { S: sheetData(COLUMNS, ['1', 'A', '']) }
  it.for([
    ['a text', Buffer.from('nik,nama\n1,2\n'), 'body-form /body no-workbook'],
    ['an old workbook', Buffer.from('\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1', 'latin1'), 'body-form /body workbook'],
    [
      'a workbook with a password',
      Buffer.concat([Buffer.from('\xd0\xcf\x11\xe0', 'latin1'), Buffer.from('EncryptedPackage', 'utf16le')]),
      'body-form /body workbook-encrypted',
    ],
    ['a ZIP that is cut off', Buffer.from('PK\x03\x04 and no more'), 'body-broken /body cut-off'],
  ] as const)('is named: %s', async ([, bytes, code]) => {
    expect(await refusal(readBytes(bytes))).toBe(code)
  })

  it.for([
    ['OpenDocument', { 'content.xml': '<x/>', mimetype: 'x' }, 'ods'],
    ['a binary workbook', { 'xl/workbook.bin': 'x' }, 'xlsb'],
    ['a text document', { 'word/document.xml': '<x/>' }, 'docx'],
    ['a ZIP of something', { 'data.csv': 'a,b' }, 'zip'],
  ] as const)('is named by its parts: %s', async ([, parts, code]) => {
    expect(await refusal(readHere(await zipOf(parts)))).toBe(`body-form /body ${code}`)
  })

  it('is sent as a text, and named', async () => {
    expect(await refusal(readBytes(await workbookOf({ sheets }), { kind: 'text' }))).toBe('body-form /body workbook')
    expect(told((await readBytes(await workbookOf({ sheets }), { kind: 'by-bytes' })).entries)).toEqual([
      [2, ['1', 'A', '']],
    ])
    expect(told((await readBytes(Buffer.from('nik,nama,lahir\nPK,2,3\n'), { kind: 'by-bytes' })).entries)).toHaveLength(
      1,
    )
  })

  it.for([
    ['a DTD', '<!DOCTYPE x [<!ENTITY a "b">]><worksheet/>'],
    ['no well-formed XML', '<worksheet><sheetData><row></sheetData></worksheet>'],
    ['an entity of its own', '<worksheet><sheetData><row><c><v>&a;</v></c></row></sheetData></worksheet>'],
    ['rows out of order', `<worksheet><sheetData><row r="2"/><row r="1"/></sheetData></worksheet>`],
    ['cells out of order', '<worksheet><sheetData><row><c r="B1"/><c r="A1"/></row></sheetData></worksheet>'],
    ['a string that is not there', '<worksheet><sheetData><row><c t="s"><v>7</v></c></row></sheetData></worksheet>'],
    ['elements in elements without end', `<worksheet>${'<a>'.repeat(100)}${'</a>'.repeat(100)}</worksheet>`],
    ['invalid UTF-8', Buffer.from('<worksheet>\xff</worksheet>', 'latin1')],
  ] as const)('has %s', async ([, xml]) => {
    const other = { 'xl/worksheets/s0.xml': typeof xml === 'string' ? xml : xml }
    expect(await refusal(read({ sheets, other }))).toBe('body-broken')
  })

  it('unpacks to far more than it was', async () => {
    const row = `<row><c t="inlineStr"><is><t>${' '.repeat(30_000)}</t></is></c></row>`
    const other = { 'xl/worksheets/s0.xml': `<worksheet><sheetData>${row.repeat(400)}</sheetData></worksheet>` }
    expect(await refusal(read({ sheets, other }))).toBe('body-bomb')
  })

  it('has a checksum of other bytes', async () => {
    const bytes = await workbookOf({ sheets })
    const directory = bytes.lastIndexOf('xl/worksheets/s0.xml') - 46
    bytes.writeUInt32LE(bytes.readUInt32LE(directory + 16) ^ 1, directory + 16)
    expect(await refusal(readHere(bytes))).toBe('body-broken')
  })
})

describe('what is written as a workbook', () => {
  it('is read as it was, whatever its texts are', { timeout: 300_000 }, async () => {
    const text = fc.string({ unit: 'binary', maxLength: 30 })
    await fc.assert(
      fc.asyncProperty(fc.array(fc.tuple(text, text), { minLength: 1, maxLength: 5 }), async (rows) => {
        const given = rows.map(([one, two]) => ['.', one, two])
        const bytes = Buffer.concat(await allOf(writeXlsx({ name: 'a/b', columns: ['k', 'v', 'w'] }, given)))
        const { entries } = await readHere(bytes, { columns: ['k', 'v', 'w'] })
        expect(entries.map(({ text: cells }) => JSON.parse(cells))).toEqual(given)
      }),
      { numRuns: 40 },
    )
  })
})
