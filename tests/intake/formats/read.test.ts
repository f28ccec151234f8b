import { parse } from 'csv-parse/sync'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { SourceFormat } from '../../../src/domain/dataset.ts'
import { TitianError } from '../../../src/domain/error.ts'
import { type ReadOptions, readEntries } from '../../../src/intake/formats/read.ts'

const NDJSON: SourceFormat = { kind: 'ndjson' }
const CSV: SourceFormat = { kind: 'csv', delimiter: ',', columns: ['a', 'b'], encodings: ['utf-8'] }
const WIDE: SourceFormat = { ...CSV, columns: ['a', 'b', 'c'] }
const EITHER: SourceFormat = { ...CSV, encodings: ['utf-8', 'windows-1252'] }

type Row = [line: number, form: string, text: string, note?: string]

async function read(
  pieces: readonly Buffer[],
  format: SourceFormat,
  options: Partial<ReadOptions> = {},
): Promise<Row[]> {
  const rows: Row[] = []
  const source = (async function* () {
    yield* pieces
  })()
  for await (const { line, form, text, notes = [] } of readEntries(source, format, { recordBytes: 1000, ...options }))
    rows.push([line, form, text, ...notes] as Row)
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
      'CR alone, and mixed with others, as line ends',
      '{"a":1}\r{"a":2}\r\n{"a":3}\n{"a":4}\r',
      [
        [1, 'object', '{"a":1}'],
        [2, 'object', '{"a":2}'],
        [3, 'object', '{"a":3}'],
        [4, 'object', '{"a":4}'],
      ],
    ],
    [
      'byte order marks and end marks inside, as files that were joined have',
      '\xef\xbb\xbf{"a":1}\n\xef\xbb\xbf{"a":2}\n\x1a{"a":3}\n\x1a\x1a',
      [
        [1, 'object', '{"a":1}'],
        [2, 'object', '{"a":2}', 'mark-inside'],
        [3, 'object', '{"a":3}', 'mark-inside'],
      ],
    ],
    ['an end mark behind the last record', '{"a":1}\x1a', [[1, 'object', '{"a":1}']]],
    [
      'objects that are printed over several lines',
      '{\n  "a": {\n    "b": "}"\n  }\n}\n{\r\n  "a": 2\r\n}\n{"a":3}',
      [
        [1, 'object', '{\n  "a": {\n    "b": "}"\n  }\n}'],
        [6, 'object', '{\n  "a": 2\n}'],
        [9, 'object', '{"a":3}'],
      ],
    ],
    [
      'an object that is cut off, which costs itself only',
      '{"a":\n{"a":2}\n{\n "a": 3\n',
      [
        [1, 'object', '{"a":'],
        [2, 'object', '{"a":2}'],
        [3, 'object', '{\n "a": 3'],
      ],
    ],
    [
      'one array in place of lines',
      ' [{"a":1},\n{"a":2}]',
      [
        [1, 'object', '{"a":1}'],
        [2, 'object', '{"a":2}'],
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

describe('a file that is no text', () => {
  it.for<[code: string, text: string]>([
    ['gzip', '\x1f\x8b\x08\0'],
    ['zstd', '\x28\xb5\x2f\xfd'],
    ['workbook', 'PK\x03\x04'],
    ['workbook', '\xd0\xcf\x11\xe0'],
  ])('is refused as a whole and called %s', async ([code, text]) => {
    for (const format of [NDJSON, CSV]) {
      const error = await readText(text, format).catch((thrown) => thrown)
      expect(error).toMatchObject({ code: 'body-form', places: [{ pointer: '/body', code }] })
    }
  })
})

describe('lines that are no NDJSON', () => {
  it.for<[code: string, text: string]>([
    ['no-json-lines', 'a,b\n1,2\n3,4\n'],
    ['no-json-lines', '"{}"\n"{}"\n\n"{}"\n'],
    ['no-json-lines', `${'x'.repeat(90)}\n`.repeat(5000)],
    ['json-commas', '{"a":1},\n{"a":2},\r\n {"a":3},\n{"a":4}'],
  ])('are refused as a whole and called %s', async ([code, text]) => {
    const error = await readText(text, NDJSON).catch((thrown) => thrown)
    expect(error).toMatchObject({ code: 'body-form', places: [{ pointer: '/body', code }] })
  })
})

it('takes lines that are no objects as theirs alone when an object follows', async () => {
  const rows = await readText('x\ny\nz\n\xef\xbb\xbf{"a":1}\n', NDJSON)
  expect(rows.map(([line]) => line)).toEqual([1, 2, 3, 4])
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
    ['rows without any value, which are no records', 'a,b\n,\n"",""\n ,\t\n,,,\n1,\n', [[6, 'cells', '["1",""]']]],
    [
      'CR alone, and mixed with others, as line ends',
      'a,b\r1,2\r3,"4\r5"\r\n6,7\n8,9\r',
      [
        [2, 'cells', '["1","2"]'],
        [3, 'cells', '["3","4\\r5"]'],
        [5, 'cells', '["6","7"]'],
        [6, 'cells', '["8","9"]'],
      ],
    ],
    ['an end mark and the zeros behind it', 'a,b\n1,2\n\x1a\0\0', [[2, 'cells', '["1","2"]']]],
    ['a line that tells the delimiter', 'sep=,\r\na,b\n1,2\n', [[3, 'cells', '["1","2"]']]],
    ['a line that tells the delimiter, quoted', '"sep=,"\na,b\n1,2\n', [[3, 'cells', '["1","2"]']]],
    [
      'headers and byte order marks inside, as files that were joined have',
      '\xef\xbb\xbfa,b\n1,2\n\xef\xbb\xbfb,a\n3,4\n\xef\xbb\xbf5,6\n',
      [
        [2, 'cells', '["1","2"]'],
        [3, 'refused', 'csv-header-again'],
        [4, 'cells', '["4","3"]'],
        [5, 'cells', '["6","5"]', 'mark-inside'],
      ],
    ],
    [
      'columns without a name, as long as they are empty',
      'a,,b,\n1,,2,\n3,,4,5\n6,,7\n8,,9,\n',
      [
        [2, 'cells', '["1","2"]', 'csv-columns-nameless'],
        [3, 'refused', 'csv-cell-nameless'],
        [4, 'refused', 'csv-ragged-short'],
        [5, 'cells', '["8","9"]'],
      ],
    ],
    ["a spreadsheet's way to keep digits", 'a,b\n="01",="0,2"\n', [[2, 'cells', '["=\\"01\\"","=\\"0,2\\""]']]],
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

  it('judges the encoding by line where the file has shown no other', async () => {
    expect(
      await readText(
        'a,b\nNO\xcbL,1\nNO\xc3\x8bL,2\nX,3\nNO\xcbL,4\nNO\xcbL,NO\xc3\x8bL\nNO\x89L,5\nNO\x81L,6\n',
        EITHER,
      ),
    ).toEqual([
      [2, 'cells', '["NOËL","1"]'],
      [3, 'cells', '["NOËL","2"]', 'encoding-changes'],
      [4, 'cells', '["X","3"]'],
      [5, 'cells', '["NOËL","4"]'],
      [6, 'refused', 'encoding-doubtful'],
      [7, 'refused', 'encoding-doubtful'],
      [8, 'refused', 'encoding-doubtful'],
    ])
  })

  it('keeps to UTF-8 once a line was UTF-8', async () => {
    expect(await readText('a,b\n\xc3\xa9,\n\xe9,\n', EITHER)).toEqual([
      [2, 'cells', '["é",""]'],
      [3, 'refused', 'utf8-invalid'],
    ])
  })

  it.for<[name: string, text: string, rows: Row[]]>([
    [
      'two stray quotes as what they are, not as one cell over their lines',
      'a,b,c\n1,"x,3\n4,5,6\n7,y",9\n10,11,12\n',
      [
        [2, 'refused', 'csv-quote'],
        [3, 'cells', '["4","5","6"]', 'csv-near-quote'],
        [4, 'refused', 'csv-quote'],
        [5, 'cells', '["10","11","12"]'],
      ],
    ],
    [
      'a cell over several lines, none of which is a row',
      'a,b,c\n1,"x\ny, z\n",3\n4,5,"6\n7"\n"8\n9",10,11\n',
      [
        [2, 'cells', '["1","x\\ny, z\\n","3"]'],
        [5, 'cells', '["4","5","6\\n7"]'],
        [7, 'cells', '["8\\n9","10","11"]'],
      ],
    ],
    [
      'an open quote that nothing closes',
      'a,b,c\n1,"x,3\n4,5,6\n',
      [
        [2, 'refused', 'csv-quote'],
        [3, 'cells', '["4","5","6"]'],
      ],
    ],
    [
      'stray quotes around rows with too many cells',
      'a,b,c\n1,"x,3\n4,5,6\n7,8,y",9\n',
      [
        [2, 'refused', 'csv-quote'],
        [3, 'cells', '["4","5","6"]', 'csv-near-quote'],
        [4, 'refused', 'csv-quote'],
      ],
    ],
  ])('reads %s', async ([, text, rows]) => {
    expect(await readText(text, WIDE)).toEqual(rows)
  })

  it('refuses a file whose header inside is of another layout', async () => {
    const error = await readText('a,b,c\n1,2,3\na,b,d\n4,5,6\n', WIDE).catch((thrown) => thrown)
    expect(error).toMatchObject({ code: 'csv-header', places: [{ pointer: '/header/2' }, { pointer: '/columns/c' }] })
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

  it('refuses a cell over many lines that is longer than a record as one', async () => {
    const lines = '\nx, y'.repeat(100_000)
    const rows: Row[] = [
      [2, 'refused', 'line-too-long'],
      [100_003, 'cells', '["4","5","6"]'],
    ]
    expect(await readText(`a,b,c\n1,"${lines}",3\n4,5,6\n`, WIDE)).toEqual(rows)
    // Where it is never closed the next row that is whole ends it.
    expect(await readText(`a,b,c\n1,"${lines}\n4,5,6\n`, WIDE)).toEqual(rows)
    expect(await readText(`a,b,c\n1,"${lines}`, WIDE)).toEqual(rows.slice(0, 1))
    // In the last column its first line is as wide as a row.
    expect(await readText(`a,b,c\n1,2,"${lines}"\n4,5,6\n`, WIDE)).toEqual(rows)
    const short = '\nx'.repeat(300)
    expect(await readText(`a,b,c\n1,2,"${short}",3\n4,5,6\n`, WIDE)).toEqual([
      [2, 'refused', 'csv-ragged-long'],
      [303, 'cells', '["4","5","6"]'],
    ])
  })

  it.for<[text: string, places: string[]]>([
    ['a\n1\n', ['/columns/b column-missing']],
    ['a,b,c\n', ['/header/2 column-unknown']],
    ['a,b,a\n', ['/header/2 column-twice']],
    ['a, b, a\n', ['/header/2 column-twice']],
    ['sep=;\na,b\n', ['/header/0 separator-differs']],
    ['a:b\n', ['/header/0 column-unknown', '/columns/a column-missing', '/columns/b column-missing']],
    ['"a,b\n', []],
  ])('refuses the header of %j, naming places and no values', async ([text, places]) => {
    const error = await readText(text, CSV).catch((thrown) => thrown)
    expect(error).toMatchObject({ code: 'csv-header' })
    expect((error as TitianError).places.map(({ pointer, code }) => `${pointer} ${code}`)).toEqual(places)
  })

  it('reads what csv-parse reads, for any cells', async () => {
    const cell = fc.string({ unit: fc.constantFrom('x', ',', '"', '\n', '\r', ' ', 'é', ';'), maxLength: 6 })
    const written = (text: string) => `"${text.replaceAll('"', '""')}"`
    await fc.assert(
      fc.asyncProperty(fc.array(fc.tuple(cell, cell), { maxLength: 8 }), async (rows) => {
        const text = `a,b\n${rows.map(([a, b]) => `${written(a)},${written(b)}\n`).join('')}`
        const ours = (await read([Buffer.from(text)], CSV)).map((row) => JSON.parse(row[2] ?? ''))
        expect(ours).toEqual(
          parse(text, { from_line: 2, skip_records_with_empty_values: true, record_delimiter: '\n' }),
        )
      }),
    )
  })
})

describe('what a file costs', () => {
  const row = '1,"x\n'
  it.for<[name: string, format: SourceFormat, make: (size: number) => string]>([
    ['open quotes', WIDE, (size) => '1,"x,3\n'.repeat(size)],
    ['one open quote', WIDE, (size) => `1,"x,3\n${'1,2,3\n'.repeat(size)}`],
    ['a cell over many lines', WIDE, (size) => `${row}${'y\n'.repeat(4 * size)}",3\n`.repeat(3)],
    ['a last cell over many lines', WIDE, (size) => `1,2,"${'y\n'.repeat(4 * size)}"\n`.repeat(3)],
    ['CR alone', WIDE, (size) => '1,2,3\r'.repeat(size)],
    ['marks inside', WIDE, (size) => '\xef\xbb\xbf1,2,3\n'.repeat(size)],
    ['an object that never ends', NDJSON, (size) => `{"a":1}\n{\n${'y\n'.repeat(4 * size)}`],
  ])('grows no faster than its size: %s', async ([, format, make]) => {
    const cost = async (size: number) => {
      const text = (format === WIDE ? 'a,b,c\n' : '') + make(size)
      const before = process.cpuUsage().user
      await readText(text, format, { recordBytes: 50_000 })
      return process.cpuUsage().user - before
    }
    await cost(20_000)
    // Eight times the size would cost sixty-four times as much where each line were looked through the rest of the file.
    expect(await cost(160_000)).toBeLessThan(24 * Math.max(20_000, await cost(20_000)))
  })
})
