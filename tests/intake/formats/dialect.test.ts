import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { FileForm } from '../../../src/engine/file-form.ts'
import { readEntries } from '../../../src/intake/formats/read.ts'
import { allOf } from '../../support/workbook.ts'

const CSV = {
  ...{ kind: 'csv' as const, delimiter: ',', columns: ['nik', 'nama', 'alamat'] },
  encodings: ['utf-8' as const, 'windows-1252' as const],
}

async function* inPieces(bytes: Buffer, size: number): AsyncGenerator<Buffer> {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size)
}

async function read(bytes: Buffer, size = 7) {
  let form: FileForm | undefined
  const tell = (told: FileForm) => {
    form = told
  }
  const entries = await allOf(readEntries(inPieces(bytes, size), CSV, { recordBytes: 1000, tell }))
  return { form, entries: entries.map(({ line, text, notes = [] }) => [line, text, ...notes]) }
}

function utf16(text: string, order: 'le' | 'be'): Buffer {
  const bytes = Buffer.from(text, 'utf16le')
  return order === 'le' ? bytes : bytes.swap16()
}

const PLAIN = {
  ...{ kind: 'csv', encoding: 'utf-8', byte_order_mark: false, delimiter: ',', quote: null, line_ends: 'lf' },
  ...{ separator_line: false, header_line: 1, end_mark: false },
}
const ROWS = 'nik,nama,alamat\n1,NOËL,x\n'
const latin1 = (text: string) => Buffer.from(text, 'latin1')

describe('how a CSV is written', () => {
  it.for<[name: string, bytes: Buffer, form: Partial<FileForm>]>([
    ['UTF-8', Buffer.from(ROWS), {}],
    ['UTF-8 with its mark', Buffer.from(`\ufeff${ROWS}`), { byte_order_mark: true }],
    ['UTF-16 LE with its mark', utf16(`\ufeff${ROWS}`, 'le'), { byte_order_mark: true, encoding: 'utf-16le' }],
    ['UTF-16 BE with its mark', utf16(`\ufeff${ROWS}`, 'be'), { byte_order_mark: true, encoding: 'utf-16be' }],
    ['UTF-16 LE without', utf16(ROWS, 'le'), { encoding: 'utf-16le' }],
    ['UTF-16 BE without', utf16(ROWS, 'be'), { encoding: 'utf-16be' }],
    ['Windows-1252', latin1(ROWS), { encoding: 'windows-1252' }],
    ['semicolons', Buffer.from(ROWS.replaceAll(',', ';')), { delimiter: ';' }],
    ['bars', Buffer.from(ROWS.replaceAll(',', '|')), { delimiter: '|' }],
    ['tabs', Buffer.from(ROWS.replaceAll(',', '\t')), { delimiter: '\t' }],
    ['quotes', Buffer.from('"nik","nama","alamat"\n"1","NOËL","x"\n'), { quote: '"' }],
    ['CRLF', Buffer.from(ROWS.replaceAll('\n', '\r\n')), { line_ends: 'crlf' }],
    ['CR', Buffer.from(ROWS.replaceAll('\n', '\r')), { line_ends: 'cr' }],
    ['mixed line ends', Buffer.from(ROWS.replace('\n', '\r\n')), { line_ends: 'mixed' }],
    ['an end mark', Buffer.from(`${ROWS}\x1a`), { end_mark: true }],
  ])('is told, and its rows are read: %s', async ([, bytes, form]) => {
    const read_ = await read(bytes)
    expect(read_).toEqual({ form: { ...PLAIN, ...form }, entries: [[2, '["1","NOËL","x"]']] })
  })

  it('is told by a line for spreadsheets, too', async () => {
    const text = `sep=;\r\n${ROWS.replaceAll(',', ';').replaceAll('\n', '\r\n')}`
    expect(await read(Buffer.from(text))).toEqual({
      form: { ...PLAIN, delimiter: ';', line_ends: 'crlf', separator_line: true, header_line: 2 },
      entries: [[3, '["1","NOËL","x"]']],
    })
  })

  it('keeps the declared delimiter where the header fits that', async () => {
    const { form, entries } = await read(Buffer.from('nik,nama,alamat\n1,a;b;c,x|y\n'))
    expect([form?.delimiter, entries]).toEqual([',', [[2, '["1","a;b;c","x|y"]']]])
  })
})

describe('UTF-16', () => {
  it('is read as its text, however it is cut', async () => {
    const cell = fc
      .string({ unit: 'grapheme', maxLength: 8 })
      .map((text) => text.replaceAll(/[\s,"=\p{Cc}\ufeff]/gu, '_'))
    await fc.assert(
      fc.asyncProperty(cell, fc.integer({ min: 1, max: 9 }), fc.constantFrom('le', 'be'), async (text, size, order) => {
        const { entries } = await read(utf16(`\ufeffnik,nama,alamat\n1,${text},x\n`, order), size)
        expect(entries).toEqual([[2, JSON.stringify(['1', text, 'x'])]])
      }),
    )
  })

  it('with half a pair of surrogates has that line refused, and the next one read', async () => {
    const { entries } = await read(utf16('\ufeffnik,nama,alamat\n1,\ud800,x\n2,B,y\n', 'le'))
    expect(entries).toEqual([
      [2, 'utf8-invalid'],
      [3, '["2","B","y"]'],
    ])
  })

  it('with an odd byte at its end has that told', async () => {
    const { entries } = await read(Buffer.concat([utf16('\ufeffnik,nama,alamat\n1,A,x\n', 'le'), Buffer.from('z')]))
    expect(entries[0]).toEqual([2, '["1","A","x"]'])
    expect(entries[1]?.[1]).not.toContain('z')
  })
})
