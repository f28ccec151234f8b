import { afterAll, describe, expect, it } from 'vitest'
import { openCleaner } from '../../src/catalogue/cleaning/cleaner.client.ts'
import type { RawEntry } from '../../src/domain/entry.ts'
import { createKeyRing } from '../../src/trust/keys/keyring.ts'
import { builtIn } from './registry-under-test.ts'

const RULES = { dataset: 'carik@1', platform: 'carik-jakarta', agreement: '' }
const sample = JSON.parse(builtIn.get('datasets/carik/1/examples/keluarga.json')?.text ?? '{}').in
const entry = (line: number, changes: object = {}): RawEntry => ({
  line,
  form: 'object',
  text: JSON.stringify({ ...sample, id_keluarga: `K-${line}`, ...changes }),
})
const ring = createKeyRing(new Date())
const cleaner = openCleaner({
  files: builtIn,
  ring,
  poison: 'burn:TERBAKAR',
  entrySeconds: 2,
  memoryMb: 512,
  reload: () => ring,
})
afterAll(() => cleaner.close())

describe('the cleaning thread', () => {
  it('cleans entries as this thread would', async () => {
    const cleaned = await cleaner.cleanEntries(RULES, [entry(1), entry(2, { no_kk: 'x' })])
    expect(cleaned.map(({ line, verdict, key }) => [line, verdict, key])).toEqual([
      [1, 'accepted', 'K-1'],
      [2, 'accepted', 'K-2'],
    ])
  })

  it('holds an entry that never ends, and cleans those before and behind it', async () => {
    const cleaned = await cleaner.cleanEntries(RULES, [entry(1), entry(2, { alamat: 'TERBAKAR' }), entry(3)])
    expect(cleaned.map(({ line, verdict, findings }) => [line, verdict, findings.map(({ code }) => code)])).toEqual([
      [1, 'accepted', expect.any(Array)],
      [2, 'held', ['entry-poison']],
      [3, 'accepted', expect.any(Array)],
    ])
  })

  it('refuses a body whose entries get stuck again and again', async () => {
    const entries = Array.from({ length: 5 }, (_, at) => entry(at + 1, { alamat: 'TERBAKAR' }))
    await expect(cleaner.cleanEntries(RULES, entries)).rejects.toMatchObject({ code: 'entries-stuck' })
  })

  it('names a dataset that is gone', async () => {
    await expect(cleaner.cleanEntries({ ...RULES, dataset: 'carik@99' }, [entry(1)])).rejects.toMatchObject({
      code: 'registry-invalid',
    })
  })
})
