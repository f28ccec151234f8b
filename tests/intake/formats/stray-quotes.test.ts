import { readFileSync } from 'node:fs'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { SourceFormat } from '../../../src/domain/dataset.ts'
import type { RawEntry } from '../../../src/domain/entry.ts'
import { readEntries } from '../../../src/intake/formats/read.ts'

const ROWS = 40

/** The beginning of a sample file, and how it is read. */
function beginning(file: string, delimiter: string): { header: string; rows: string[]; format: SourceFormat } {
  const text = readFileSync(`tests/samples/${file}`, 'utf8').replaceAll(/[\ufeff\r]/g, '')
  const [header = '', ...rows] = text.split('\n').slice(0, ROWS + 1)
  const columns = header.split(delimiter).map((name) => name.replaceAll('"', ''))
  return { header, rows, format: { kind: 'csv', delimiter, columns, encodings: ['utf-8'] } }
}

async function read(text: string, format: SourceFormat): Promise<RawEntry[]> {
  const entries: RawEntry[] = []
  const bytes = (async function* () {
    yield Buffer.from(text)
  })()
  for await (const entry of readEntries(bytes, format, { recordBytes: 100_000 })) entries.push(entry)
  return entries
}

/** A place for a quote: a row, a cell of it, and whether before or behind the cell, or so many signs inside. */
const stray = fc.record({
  row: fc.nat(ROWS - 1),
  cell: fc.nat(40),
  at: fc.oneof(fc.constantFrom(0, Number.POSITIVE_INFINITY), fc.nat(20)),
})

function withQuote(line: string, delimiter: string, cell: number, at: number): string {
  const cells = line.split(delimiter)
  const place = cell % cells.length
  const text = cells[place] ?? ''
  const cut = Math.min(at, text.length)
  return cells.with(place, `${text.slice(0, cut)}"${text.slice(cut)}`).join(delimiter)
}

describe.for([
  ['carik-jakarta/p3ke-individu.csv', ','],
  ['carik-jakarta/p3ke-keluarga.csv', ','],
  ['jembrana/jembrana.csv', ','],
  ['sumedang/sumedang.csv', ';'],
] as const)('stray quotes in %s', ([file, delimiter]) => {
  it('swallow no line: each one that had a record still has one or is told, and none reads otherwise', async () => {
    const { header, rows, format } = beginning(file, delimiter)
    const before = await read([header, ...rows].join('\n'), format)
    await fc.assert(
      fc.asyncProperty(fc.array(stray, { minLength: 1, maxLength: 3 }), async (strays) => {
        const edited = [...rows]
        for (const { row, cell, at } of strays) edited[row] = withQuote(edited[row] ?? '', delimiter, cell, at)
        const touched = new Set(strays.map(({ row }) => row + 2))
        const after = new Map((await read([header, ...edited].join('\n'), format)).map((one) => [one.line, one]))
        for (const { line, text } of before) {
          const now = after.get(line)
          expect(now, `line ${line}`).toBeDefined()
          if (now?.form === 'cells' && !touched.has(line)) expect(now.text).toBe(text)
        }
      }),
      { numRuns: 200 },
    )
  })
})
