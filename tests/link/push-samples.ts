import { createReadStream } from 'node:fs'
import type { Pool } from 'pg'
import { compileRegistry } from '../../src/catalogue/registry.ts'
import type { CleanEntry } from '../../src/domain/entry.ts'
import { sourceKey } from '../../src/domain/keys.ts'
import { readEntries } from '../../src/intake/formats/read.ts'
import { sql } from '../../src/io/postgres/sql.ts'
import { builtIn } from '../catalogue/registry-under-test.ts'
import { readTruth, SAMPLES } from '../clean/sample-truth.ts'
import { indexOf, push } from './support.ts'

/** One sample file, cleaned, and who its people really are. */
export type SampleFile = {
  platform: string
  dataset: string
  entries: CleanEntry[]
  /** By the index of the record's key. */
  people: Map<string, { person: string; hasNik: boolean }>
}

/** The sample files as they come out of cleaning. */
export async function readSampleFiles(): Promise<SampleFile[]> {
  const registry = compileRegistry(builtIn, (identity) => identity)
  const files: SampleFile[] = []
  for (const [file, rows] of readTruth().files) {
    const [platformName = '', name = ''] = file.split('/')
    const dataset = registry.datasets.get(name.replace(/\.\w+$/, '').replaceAll('_', '-'))
    const platform = registry.platforms.get(platformName)
    if (dataset === undefined || platform === undefined) continue
    const sample: SampleFile = { platform: platform.name, dataset: dataset.name, entries: [], people: new Map() }
    const bytes = createReadStream(new URL(file, SAMPLES))
    for await (const raw of readEntries(bytes, dataset.format, { recordBytes: 1_000_000 })) {
      const entry = dataset.clean(raw, platform)
      sample.entries.push(entry)
      for (const record of entry.records) {
        const member = /\d+$/.exec(record.path)?.[0]
        const row = rows
          .get(entry.line)
          ?.find((one) => (one.member === undefined ? undefined : `${one.member}`) === member)
        if (record.level !== 'individu' || row?.person_id === undefined) continue
        const key = indexOf('key', sourceKey(sample.platform, sample.dataset, 'individu', record.key))
        sample.people.set(key, { person: row.person_id, hasNik: row.nik_state === 'ok' })
      }
    }
    files.push(sample)
  }
  return files
}

/** Pushes whole files through the link stage, one after the other. */
export async function pushFiles(db: Pool, files: readonly SampleFile[]): Promise<void> {
  for (const { platform, dataset, entries } of files) {
    for (let at = 0; at < entries.length; at += 2000) {
      const chunk = entries.slice(at, at + 2000)
      await push(db, chunk, { platform, dataset })
    }
  }
}

/** The source records of each person, by the index of their keys. */
export async function groupsIn(db: Pool): Promise<string[][]> {
  const { rows } = await db.query<{ keys: string[] }>(sql`
    select array_agg(encode(key_index, 'hex')) as keys from source_record where subject like 'per%' group by subject`)
  return rows.map(({ keys }) => keys)
}
