import { parse } from 'csv-parse/sync'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { SourceFormat } from '../../../src/domain/dataset.ts'
import { TitianError } from '../../../src/domain/error.ts'
import { type ReadOptions, readEntries } from '../../../src/intake/formats/read.ts'

const NDJSON: SourceFormat = { kind: 'ndjson' }
const CSV: SourceFormat = { kind: 'csv', delimiter: ',', columns: ['a', 'b'], encodings: ['utf-8'] }
const EITHER: SourceFormat = { ...CSV, encodings: ['utf-8', 'windows-1252'] }

type Row = [line: number, form: string, text: string]

async function read(
  pieces: readonly Buffer[],
  format: SourceFormat,
  options: Partial<ReadOptions> = {},
): Promise<Row[]> {
  const rows: Row[] = []
  const source = (async function* () {
    yield* pieces
  })()
  for await (const { line, form, text } of readEntries(source, format, { recordBytes: 1000, ...options })) {
    rows.push([line, form, text])
  }
  return rows
}

const readText = (text: string, format: SourceFormat, options?: Partial<ReadOptions>) =>
  read([Buffer.from(text, 'latin1')], format, options)

async function codeOf(reading: Promise<unknown>): Promise<string> {
  return reading.then(
    () => 'none',
    (error) => (error instanceof TitianError ? error.code : String(error)),
  )
}

describe('NDJSON', () => {
  it.for<[name: string, text: string, rows: Row[]]>([
    [
      'LF and CRLF',
      '{"a":1}\r\n{"a":2}\n',
      [
        [1, 'object', '{"a":1}'],
        [2, 'object', '{"a":2}'],
      ],
    ],
    [
      'a last line without newline',
      '{"a":1}\n{"a":2}',
      [
        [1, 'object', '{"a":1}'],
        [2, 'object', '{"a":2}'],
      ],
    ],
    ['blank lines, which count as lines', '\n \t\n\r\n{"a":1}\n\n', [[4, 'object', '{"a":1}']]],
    ['a byte order mark', '\xef\xbb\xbf{"a":1}\n', [[1, 'object', '{"a":1}']]],
    ['nothing but a byte order mark', '\xef\xbb\xbf', []],
    [
      'an invalid byte, which costs its line only',
      '{"a":1}\n{"a":"\xff"}\n{"a":3}\n',
      [
        [1, 'object', '{"a":1}'],
        [2, 'refused', 'utf8-invalid'],
        [3, 'object', '{"a":3}'],
      ],
    ],
    [
      'a character cut in two by a line end',
      '"\xc3\n\xa9"\n',
      [
        [1, 'refused', 'utf8-invalid'],
        [2, 'refused', 'utf8-invalid'],
      ],
    ],
    ['NUL, which is not judged here', '{"a":"\0"}\n', [[1, 'object', '{"a":"\0"}']]],
    [
      'UTF-16, line by line',
      '\xff\xfe{\0}\0\n\0',
      [
        [1, 'refused', 'utf8-invalid'],
        [2, 'object', '\0'],
      ],
    ],
  ])('reads %s', async ([, text, rows]) => {
    expect(await readText(text, NDJSON)).toEqual(rows)
  })

  it('refuses a line over the limit alone, and keeps none of it', async () => {
    const long = `{"a":"${'x'.repeat(300_000)}"}`
    expect(await readText(`${long}\n{"a":2}\n${long}`, NDJSON)).toEqual([
      [1, 'refused', 'line-too-long'],
      [2, 'object', '{"a":2}'],
      [3, 'refused', 'line-too-long'],
    ])
  })

  it.for([
    [1000, 'object'],
    [1001, 'refused'],
  ] as const)('holds the limit exactly: %i bytes are %s', async ([bytes, form]) => {
    const line = 'x'.repeat(bytes)
    for (const end of ['', '\n', '\r\n']) {
      expect((await readText(line + end, NDJSON)).map((row) => row[1])).toEqual([form])
    }
  })
})

describe('a JSON array', () => {
  const readArray = (text: string, options?: Partial<ReadOptions>) =>
    readText(text, NDJSON, { array: true, ...options })

  it.for<[name: string, text: string, rows: Row[]]>([
    [
      'its elements, numbered',
      '[{"a":1},\n {"a":[2]}]',
      [
        [1, 'object', '{"a":1}'],
        [2, 'object', '{"a":[2]}'],
      ],
    ],
    ['nothing', ' [ ]\n', []],
    [
      'brackets, commas and quotes inside texts',
      '[{"a":"],{\\"["},{"b":"\\\\"}]',
      [
        [1, 'object', '{"a":"],{\\"["}'],
        [2, 'object', '{"b":"\\\\"}'],
      ],
    ],
    [
      'a scalar, which is not judged here',
      '[1, "x,y"]',
      [
        [1, 'object', '1'],
        [2, 'object', '"x,y"'],
      ],
    ],
    ['a byte order mark', '\xef\xbb\xbf[1]', [[1, 'object', '1']]],
    [
      'an invalid byte, which costs its element only',
      '["\xff",2]',
      [
        [1, 'refused', 'utf8-invalid'],
        [2, 'object', '2'],
      ],
    ],
  ])('gives %s', async ([, text, rows]) => {
    expect(await readArray(text)).toEqual(rows)
  })

  it('refuses an element over the limit alone', async () => {
    const long = `"${'x'.repeat(200_000)}"`
    expect(await readArray(`[${long}, 2, ${long}]`)).toEqual([
      [1, 'refused', 'line-too-long'],
      [2, 'object', '2'],
      [3, 'refused', 'line-too-long'],
    ])
  })

  it.for(['{"a":1}', '[1', '[1]]', '[1] x', '[1,]', '[,1]', '["x]', 'x[1]', ' '])(
    'refuses %j as a whole',
    async (text) => {
      expect(await codeOf(readArray(text))).toBe('body-broken')
    },
  )
})

describe('CSV', () => {
  it.for<[name: string, text: string, rows: Row[]]>([
    [
      'plain rows',
      'a,b\n1,2\n3,4',
      [
        [2, 'cells', '["1","2"]'],
        [3, 'cells', '["3","4"]'],
      ],
    ],
    ['CRLF', 'a,b\r\n1,2\r\n', [[2, 'cells', '["1","2"]']]],
    ['columns in another order', 'b,a\n1,2\n', [[2, 'cells', '["2","1"]']]],
    ['a header with blanks around its names', '"b", a\n1, 2\n', [[2, 'cells', '[" 2","1"]']]],
    ['a quoted header', '"a","b"\r\n"1","2"\r\n', [[2, 'cells', '["1","2"]']]],
    [
      'quotes, delimiters and line breaks inside quotes',
      'a,b\n"1,""x""","2\n3"\n4,5\n',
      [
        [2, 'cells', '["1,\\"x\\"","2\\n3"]'],
        [4, 'cells', '["4","5"]'],
      ],
    ],
    [
      'empty cells',
      'a,b\n,\n"",""\n',
      [
        [2, 'cells', '["",""]'],
        [3, 'cells', '["",""]'],
      ],
    ],
    ['blank lines, which count as lines', 'a,b\n\n\r\n1,2\n', [[4, 'cells', '["1","2"]']]],
    [
      'ragged rows',
      'a,b\n1\n1,2,3\n"1"\n4,5\n',
      [
        [2, 'refused', 'csv-ragged-short'],
        [3, 'refused', 'csv-ragged-long'],
        [4, 'refused', 'csv-ragged-short'],
        [5, 'cells', '["4","5"]'],
      ],
    ],
    [
      'a quote inside a cell without quotes',
      'a,b\n1,x"y\n3,4\n',
      [
        [2, 'refused', 'csv-quote'],
        [3, 'cells', '["3","4"]'],
      ],
    ],
    [
      'something behind a closing quote',
      'a,b\n"1"x,2\n3,4\n',
      [
        [2, 'refused', 'csv-quote'],
        [3, 'cells', '["3","4"]'],
      ],
    ],
    [
      'a quote that is never closed',
      'a,b\n"1,2\n3,4\n5,6\n',
      [
        [2, 'refused', 'csv-quote'],
        [3, 'cells', '["3","4"]'],
        [4, 'cells', '["5","6"]'],
      ],
    ],
    [
      'a quote that is closed lines later by another row',
      'a,b\n"1,2\n3,4\n"5",6\n',
      [
        [2, 'refused', 'csv-quote'],
        [3, 'cells', '["3","4"]'],
        [4, 'cells', '["5","6"]'],
      ],
    ],
    [
      'an invalid byte, which costs its row only',
      'a,b\n1,\xff\n3,4\n',
      [
        [2, 'refused', 'utf8-invalid'],
        [3, 'cells', '["3","4"]'],
      ],
    ],
    ['a header alone', 'a,b\n', []],
  ])('reads %s', async ([, text, rows]) => {
    expect(await readText(text, CSV)).toEqual(rows)
  })

  it.for<
    [name: string, format: SourceFormat, text: string, charset: 'utf-8' | 'windows-1252' | undefined, cell: string]
  >([
    ['UTF-8 by its byte order mark', EITHER, '\xef\xbb\xbfa,b\n\xc3\xa9,\n', undefined, 'é'],
    ['Windows-1252 by its first letter beyond ASCII', EITHER, 'a,b\n\xe9\x80,\n', undefined, 'é€'],
    ['UTF-8 by its first letter beyond ASCII', EITHER, 'a,b\n\xc3\xa9,\n', undefined, 'é'],
    ['Windows-1252 because the sender says so', EITHER, 'a,b\n\xc3\xa9,\n', 'windows-1252', 'Ã©'],
  ])('decodes %s', async ([, format, text, charset, cell]) => {
    expect(await readText(text, format, charset ? { charset } : {})).toEqual([[2, 'cells', JSON.stringify([cell, ''])]])
  })

  it('keeps to one encoding for the whole file', async () => {
    expect(await readText('a,b\n\xc3\xa9,\n\xe9,\n', EITHER)).toEqual([
      [2, 'cells', '["é",""]'],
      [3, 'refused', 'utf8-invalid'],
    ])
  })

  it('refuses rows over the limit alone', async () => {
    const long = 'x'.repeat(200_000)
    expect(await readText(`a,b\n${long},1\n"${long}",2\n3,4\n"5\n${long}"\n6,7\n`, CSV)).toEqual([
      [2, 'refused', 'line-too-long'],
      [3, 'refused', 'line-too-long'],
      [4, 'cells', '["3","4"]'],
      [5, 'refused', 'csv-quote'],
      [6, 'refused', 'line-too-long'],
      [7, 'cells', '["6","7"]'],
    ])
  })

  it.for<[text: string, places: string[]]>([
    ['a\n1\n', ['/columns/b column-missing']],
    ['a,b,c\n', ['/header/2 column-unknown']],
    ['a,b,a\n', ['/header/2 column-twice']],
    ['a, b, a\n', ['/header/2 column-twice']],
    ['a;b\n', ['/header/0 column-unknown', '/columns/a column-missing', '/columns/b column-missing']],
    ['"a,b\n', []],
  ])('refuses the header of %j, naming places and no values', async ([text, places]) => {
    const error = await readText(text, CSV).catch((thrown) => thrown)
    expect(error).toMatchObject({ code: 'csv-header' })
    expect((error as TitianError).places.map(({ pointer, code }) => `${pointer} ${code}`)).toEqual(places)
  })

  it('reads what csv-parse reads, for any cells', async () => {
    const cell = fc.string({ unit: fc.constantFrom('x', ',', '"', '\n', '\r', ' ', 'é', ';'), maxLength: 6 })
    const written = (text: string, quote: boolean) =>
      quote || /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text
    await fc.assert(
      fc.asyncProperty(fc.array(fc.tuple(cell, cell, fc.boolean()), { maxLength: 8 }), async (rows) => {
        const text = `a,b\n${rows.map(([a, b, quote]) => `${written(a, quote)},${written(b, quote)}\n`).join('')}`
        const ours = (await read([Buffer.from(text)], CSV)).map((row) => JSON.parse(row[2]))
        expect(ours).toEqual(
          parse(text, { from_line: 2, relax_column_count: true, skip_empty_lines: false, record_delimiter: '\n' }),
        )
      }),
    )
  })
})
