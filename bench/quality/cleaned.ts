import type { Registry } from '../../src/catalogue/registry.ts'
import type { CleanEntry } from '../../src/domain/entry.ts'
import { sourceKey } from '../../src/domain/keys.ts'
import { readEntries } from '../../src/intake/formats/read.ts'
import type { Vault } from '../../src/trust/keys/vault.ts'
import type { Known } from './score.ts'
import type { Source } from './source.ts'

/** Entries that make a chunk, and who the persons in them truly are. */
export type CleanChunk = { entries: CleanEntry[]; people: Known[] }

/** Cleans a file of a population, a chunk at a time, and says of each person's record whose it is. */
export async function* cleanChunks(
  { platform: platformName, dataset: datasetName, path, read }: Source,
  { registry, vault }: { registry: Registry; vault: Vault },
  size: number,
): AsyncGenerator<CleanChunk> {
  const dataset = registry.datasets.get(datasetName)
  const platform = registry.platforms.get(platformName)
  if (dataset === undefined || platform === undefined) throw new Error(`the registry does not know ${path}`)
  const { text, truth } = await read()
  const rows = new Map(truth.map((row) => [`${row.line}:${row.member ?? ''}`, row]))
  let chunk: CleanChunk = { entries: [], people: [] }
  for await (const raw of readEntries(once(Buffer.from(text)), dataset.format, { recordBytes: 1_000_000 })) {
    const entry = dataset.clean(raw, platform)
    for (const record of entry.records) {
      const row = rows.get(`${entry.line}:${/\d+$/.exec(record.path)?.[0] ?? ''}`)
      if (record.level !== 'individu' || row?.person_id === undefined) continue
      const key = vault.index('key', sourceKey(platformName, datasetName, 'individu', record.key))
      chunk.people.push({ key, truth: row.person_id, hasNik: row.nik_state === 'ok' })
    }
    if (chunk.entries.push(entry) < size) continue
    yield chunk
    chunk = { entries: [], people: [] }
  }
  if (chunk.entries.length > 0) yield chunk
}

async function* once(bytes: Buffer): AsyncGenerator<Buffer> {
  yield bytes
}
