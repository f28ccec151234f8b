import fc from 'fast-check'
import { expect, it } from 'vitest'
import { type RawEntry, READ_NOTES } from '../../src/domain/entry.ts'
import { packEntries, unpackEntries } from '../../src/engine/chunks/packing.ts'
import { packedChunks } from '../../src/intake/chunks.ts'

async function chunksOf(entries: readonly RawEntry[], group: number, limits: { records: number; bytes: number }) {
  const groups = (async function* () {
    for (let at = 0; at < entries.length; at += group) yield entries.slice(at, at + group)
  })()
  const chunks: RawEntry[][] = []
  for await (const { packed, entries: count, firstLine } of packedChunks(groups, limits)) {
    const chunk = unpackEntries(packed)
    expect([chunk.length, chunk[0]?.line]).toEqual([count, firstLine])
    chunks.push(chunk)
  }
  return chunks
}

it('keeps every entry, in order, in chunks within the limits', async () => {
  const entry = fc.record({
    form: fc.constantFrom('object', 'cells', 'refused'),
    text: fc.string({ unit: 'grapheme', maxLength: 60 }),
  })
  const notes = fc.option(fc.subarray([...READ_NOTES], { minLength: 1 }), { nil: undefined })
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.tuple(entry, notes)),
      fc.integer({ min: 1, max: 9 }),
      fc.integer({ min: 1, max: 7 }),
      async (forms, group, records) => {
        const entries: RawEntry[] = forms.map(([one, said], at) => ({
          line: at + 1,
          ...one,
          ...(said && { notes: said }),
        }))
        const chunks = await chunksOf(entries, group, { records, bytes: 100 })
        expect(chunks.flat()).toEqual(entries)
        for (const chunk of chunks) {
          expect(chunk.length).toBeLessThanOrEqual(records)
          expect(packEntries(chunk.slice(0, -1)).length).toBeLessThan(100)
        }
      },
    ),
  )
})

it('makes room for entries larger than its buffer, without touching the chunk that is being stored', async () => {
  const entries: RawEntry[] = Array.from({ length: 6 }, (_, at) => ({
    line: at + 1,
    form: 'object',
    text: String(at).repeat(900_000),
  }))
  const groups = (async function* () {
    for (const entry of entries) yield [entry]
  })()
  const seen: RawEntry[] = []
  let last: Buffer | undefined
  for await (const { packed } of packedChunks(groups, { records: 2, bytes: 1e9 })) {
    // The chunk before this one is still as it was: only now it is given back.
    if (last !== undefined) seen.push(...unpackEntries(last))
    last = packed
  }
  if (last !== undefined) seen.push(...unpackEntries(last))
  expect(seen.map(({ line, text }) => [line, text.length, text[0]])).toEqual(
    entries.map(({ line, text }) => [line, text.length, text[0]]),
  )
})
