import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { TitianError } from '../../../src/domain/error.ts'
import { cutArray } from '../../../src/intake/formats/array.ts'
import { cutCsv } from '../../../src/intake/formats/csv.ts'
import type { Cutter } from '../../../src/intake/formats/cutter.ts'
import { cutLines } from '../../../src/intake/formats/lines.ts'

const LIMIT = 25
const CSV = { kind: 'csv' as const, delimiter: ',', columns: ['a', 'b'], encodings: ['utf-8' as const] }

function cut(cutter: Cutter, pieces: readonly Buffer[]): unknown {
  try {
    const entries = [...pieces.flatMap((piece) => cutter.push(piece)), ...cutter.end()]
    return entries.map(({ line, form, text }) => [line, form, text.toString()])
  } catch (error) {
    if (error instanceof TitianError) return error.code
    throw error
  }
}

describe('cutting', () => {
  it.for<[name: string, make: () => Cutter, head: string, tail: string, alphabet: string[]]>([
    [
      'NDJSON',
      () => cutLines(LIMIT),
      '',
      '',
      ['{"a":1}', '{', '}', '\n', '\r', ' ', 'é', 'x'.repeat(20), '\ufeff', '\x1a'],
    ],
    [
      'a JSON array',
      () => cutArray(LIMIT),
      '[',
      ']',
      ['{"a":1}', ',', '"', '\\', '[', 'é', 'x'.repeat(20), ' '.repeat(20)],
    ],
    [
      'CSV',
      () => cutCsv(CSV, CSV.encodings, LIMIT),
      'a,b\n',
      '',
      ['1,2', ',', '"', '""', '\n', '\r', 'é', 'x'.repeat(20), '="1"', '\ufeff', '\x1a', 'a,b'],
    ],
  ])('%s gives the same entries however the bytes are split', ([, make, head, tail, alphabet]) => {
    fc.assert(
      fc.property(
        fc.array(fc.constantFrom(...alphabet), { maxLength: 40 }),
        fc.array(fc.nat({ max: 300 }), { maxLength: 12 }),
        (tokens, cuts) => {
          const bytes = Buffer.from(head + tokens.join('') + tail)
          const at = [0, ...cuts.filter((one) => one < bytes.length).sort((a, b) => a - b), bytes.length]
          const pieces = at.slice(1).map((end, i) => bytes.subarray(at[i], end))
          expect(cut(make(), pieces)).toEqual(cut(make(), [bytes]))
          const single = [...bytes].map((byte) => Buffer.from([byte]))
          expect(cut(make(), single)).toEqual(cut(make(), [bytes]))
        },
      ),
      { numRuns: 2000 },
    )
  })
})

it('counts one line end where CR and LF come apart, with nothing between', () => {
  const pieces = ['\r', '', '\n', '{"a":1}'].map((text) => Buffer.from(text))
  expect(cut(cutLines(LIMIT), pieces)).toEqual([[2, 'object', '{"a":1}']])
})
