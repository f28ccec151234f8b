import type { Registry } from '../../src/catalogue/registry.ts'
import type { CleanEntry } from '../../src/domain/entry.ts'
import { sourceKey } from '../../src/domain/keys.ts'
import { readEntries } from '../../src/intake/formats/read.ts'
import type { Vault } from '../../src/trust/keys/vault.ts'
import type { Written } from '../population/files.ts'

/** Who a record truly is. */
export type Known = { truth: string; hasNik: boolean }

/** A file of a population after cleaning; `people` by the index of the record's key. */
export type CleanFile = { platform: string; dataset: string; entries: CleanEntry[]; people: Map<string, Known> }

/** Cleans the files of a population, and says of each record whose it is. */
export async function cleanFiles(
  { files, truth }: Pick<Written, 'files' | 'truth'>,
  registry: Registry,
  vault: Vault,
): Promise<CleanFile[]> {
  const rows = new Map(truth.map((row) => [`${row.file}:${row.line}:${row.member ?? ''}`, row]))
  const cleaned: CleanFile[] = []
  for (const { path, text, ...source } of files) {
    const dataset = registry.datasets.get(source.dataset)
    const platform = registry.platforms.get(source.platform)
    if (dataset === undefined || platform === undefined) throw new Error(`the registry does not know ${path}`)
    const file: CleanFile = { ...source, entries: [], people: new Map() }
    for await (const raw of readEntries(once(Buffer.from(text)), dataset.format, { recordBytes: 1_000_000 })) {
      const entry = dataset.clean(raw, platform)
      file.entries.push(entry)
      for (const record of entry.records) {
        const member = /\d+$/.exec(record.path)?.[0] ?? ''
        const row = rows.get(`${path}:${entry.line}:${member}`)
        if (record.level !== 'individu' || row?.person_id === undefined) continue
        const key = vault
          .index('key', sourceKey(source.platform, source.dataset, 'individu', record.key))
          .toString('hex')
        file.people.set(key, { truth: row.person_id, hasNik: row.nik_state === 'ok' })
      }
    }
    cleaned.push(file)
  }
  return cleaned
}

async function* once(bytes: Buffer): AsyncGenerator<Buffer> {
  yield bytes
}
