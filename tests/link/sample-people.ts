import { createReadStream } from 'node:fs'
import { compileRegistry } from '../../src/catalogue/registry.ts'
import { readEntries } from '../../src/intake/formats/read.ts'
import { type Features, featuresOf } from '../../src/link/compare/features.ts'
import { builtIn } from '../catalogue/registry-under-test.ts'
import { readTruth, SAMPLES } from '../clean/sample-truth.ts'

/** A person's record of the samples, and who it really is. */
export type KnownPerson = { features: Features; person: string; hasNik: boolean }

/** Every accepted record of a person in the sample files, each source key once. */
export async function readSamplePeople(): Promise<KnownPerson[]> {
  const registry = compileRegistry(builtIn, (identity) => identity)
  const truth = readTruth()
  const people = new Map<string, KnownPerson>()
  for (const [file, rows] of truth.files) {
    const [platformName = '', name = ''] = file.split('/')
    const dataset = registry.datasets.get(name.replace(/\.\w+$/, '').replaceAll('_', '-'))
    const platform = registry.platforms.get(platformName)
    if (dataset === undefined || platform === undefined) continue
    const bytes = createReadStream(new URL(file, SAMPLES))
    for await (const raw of readEntries(bytes, dataset.format, { recordBytes: 1_000_000 })) {
      const entry = dataset.clean(raw, platform)
      const family = entry.records.find(({ level }) => level === 'keluarga')
      for (const record of entry.records) {
        const member = /\d+$/.exec(record.path)?.[0]
        const row = rows
          .get(entry.line)
          ?.find((one) => (one.member === undefined ? undefined : `${one.member}`) === member)
        if (record.level !== 'individu' || row?.person_id === undefined) continue
        const source = `${platform.name}|${dataset.name}`
        const features = featuresOf(record, source, family)
        people.set(`${source}|${record.key}`, { features, person: row.person_id, hasNik: row.nik_state === 'ok' })
      }
    }
  }
  return [...people.values()]
}
