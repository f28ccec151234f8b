import { describe, expect, it } from 'vitest'
import { cutArray } from '../../../src/intake/formats/array.ts'
import { cutCsv } from '../../../src/intake/formats/csv.ts'
import type { Cutter } from '../../../src/intake/formats/cutter.ts'
import { cutLines } from '../../../src/intake/formats/lines.ts'
import { gathered, PIECE_BYTES } from '../../../src/intake/formats/pieces.ts'

const MIB = 1024 * 1024
const LIMIT = 16 * MIB
const CSV = { kind: 'csv' as const, delimiter: ',', columns: ['a', 'b'], encodings: ['utf-8' as const] }

async function* cutUp(bytes: Buffer, size: number): AsyncGenerator<Buffer> {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size)
}

/** How many bytes a cutter was given to look at, those that it kept again, and how many entries it made of them. */
async function lookedAt(cutter: Cutter, bytes: AsyncIterable<Buffer>): Promise<{ bytes: number; entries: number }> {
  let looked = 0
  let entries = 0
  for await (const piece of bytes) {
    looked += cutter.kept() + piece.length
    entries += cutter.push(piece).length
  }
  return { bytes: looked + cutter.kept(), entries: entries + cutter.end().length }
}

describe('pieces of a file', () => {
  it.for<[name: string, make: () => Cutter, text: string, entries: number]>([
    ['a line of NDJSON', () => cutLines(LIMIT), `{"a":"${'x'.repeat(8 * MIB)}"}\n{"a":1}\n`, 2],
    ['an element of an array', () => cutArray(LIMIT), `[{"a":"${'x'.repeat(8 * MIB)}"},{"a":1}]`, 2],
    ['a row of CSV', () => cutCsv(CSV, CSV.encodings, LIMIT), `a,b\n${'x'.repeat(8 * MIB)},1\n2,3\n`, 2],
    ['a cell with quotes', () => cutCsv(CSV, CSV.encodings, LIMIT), `a,b\n"${'x'.repeat(8 * MIB)}",1\n2,3\n`, 2],
    ['a cell over many lines', () => cutCsv(CSV, CSV.encodings, LIMIT), `a,b\n"${'x\n'.repeat(4 * MIB)}",1\n2,3\n`, 2],
    ['a row too long', () => cutCsv(CSV, CSV.encodings, MIB), `a,b\n"${'x'.repeat(8 * MIB)}",1\n2,3\n`, 2],
  ])('make %s be looked at three times at most, in whatever pieces it comes', async ([, make, text, entries]) => {
    const bytes = Buffer.from(text)
    for (const size of [PIECE_BYTES, 1000, bytes.length]) {
      const cutter = make()
      const looked = await lookedAt(cutter, gathered(cutUp(bytes, size), cutter.kept))
      expect(looked.entries).toBe(entries)
      expect(looked.bytes / bytes.length).toBeLessThan(3.1)
    }
  })

  it('are no larger than they have to be where no record is long', async () => {
    const bytes = Buffer.from('{"a":1}\n'.repeat(100_000))
    const cutter = cutLines(LIMIT)
    const sizes: number[] = []
    for await (const piece of gathered(cutUp(bytes, 1000), cutter.kept)) {
      sizes.push(piece.length)
      cutter.push(piece)
    }
    expect(Math.max(...sizes)).toBeLessThan(PIECE_BYTES + 1000)
    expect(sizes.reduce((sum, size) => sum + size)).toBe(bytes.length)
  })
})
