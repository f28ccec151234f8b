import { Readable } from 'node:stream'
import { describe, expect, it } from 'vitest'
import { numbersFrom } from '../../bench/families.ts'
import { readRegistry } from '../../src/catalogue/registry.file.ts'
import { compileRegistry } from '../../src/catalogue/registry.ts'
import type { CleanEntry } from '../../src/domain/entry.ts'
import { sourceKey } from '../../src/domain/keys.ts'
import { readEntries } from '../../src/intake/formats/read.ts'
import { featuresOf } from '../../src/link/compare/features.ts'
import { readModel, writeModel } from '../../src/link/score/model-file.ts'
import { train } from '../../src/link/train/train.ts'
import { freshDatabase } from '../support/database.ts'
import { foreignFile } from './foreign-people.ts'
import { scorePairs } from './match-all.ts'
import { groupsIn } from './push-samples.ts'
import { indexOf, link, submit } from './support.ts'

const SOURCE = { platform: 'albion', dataset: 'albion-people' }

describe('people of another country, with nothing but a dataset folder and a trained model', {
  timeout: 300_000,
}, async () => {
  const files = await readRegistry(['src/registry', 'tests/samples-foreign'])
  const registry = compileRegistry(files, (identity) => identity)
  const dataset = registry.datasets.get(SOURCE.dataset)
  const platform = registry.platforms.get(SOURCE.platform)
  if (dataset === undefined || platform === undefined) throw new Error('the folder of Albion is not there')

  it.each([
    { what: 'two of each', persons: 800, most: 1, household: 1, floor: { f1: 0.99, precision: 0.998 } },
    { what: 'up to five of each', persons: 600, most: 4, household: 1, floor: { f1: 0.97, precision: 0.998 } },
    {
      what: 'two of each in households of four',
      persons: 800,
      most: 1,
      household: 4,
      floor: { f1: 0.99, precision: 0.99 },
    },
    {
      what: 'up to five of each in households of four',
      persons: 600,
      most: 4,
      household: 4,
      floor: { f1: 0.97, precision: 0.99 },
    },
  ])('are linked by a model of their own: $what', async ({ what, persons, most, household, floor }) => {
    const { csv, keys } = foreignFile({ persons, most, household })
    const entries: CleanEntry[] = []
    for await (const raw of readEntries(Readable.from([Buffer.from(csv)]), dataset.format, { recordBytes: 10_000 }))
      entries.push(dataset.clean(raw, platform))
    const allFeatures = entries.flatMap(({ records }) =>
      records.map((record) => featuresOf(record, 'albion|albion-people')),
    )
    const model = train(allFeatures, numbersFrom(1))
    const judge = readModel(writeModel('albion', allFeatures.length, model))

    const linked = async (chunks: CleanEntry[][]) => {
      await using db = await freshDatabase()
      for (const chunk of chunks) await link(db.pool, await submit(db.pool, chunk, SOURCE), { judge })
      return await groupsIn(db.pool)
    }
    const half = Math.ceil(entries.length / 2)
    const [first, second] = [entries.slice(0, half), entries.slice(half)]
    const groups = await linked([first, second])
    // Every row of the file counts: one that was held or rejected is a person who was not found.
    const placeOf = new Map(keys.map((key, at) => [nameOf(key), at]))
    const places = groups.map((group) => group.flatMap((name) => placeOf.get(name) ?? []))
    const score = scorePairs(
      places,
      keys.map((key) => key.split('-')[0] ?? ''),
    )
    console.log(
      `${keys.length} records of Albion, ${what}: precision ${score.precision.toFixed(4)} recall ${score.recall.toFixed(4)}` +
        ` F1 ${score.f1.toFixed(4)}, found by ${model.keys.join()}`,
    )
    expect(places.flat().length / keys.length).toBeGreaterThan(0.995)
    expect(score.f1).toBeGreaterThanOrEqual(floor.f1)
    expect(score.precision).toBeGreaterThanOrEqual(floor.precision)
    expect(sorted(await linked([second, first]))).toEqual(sorted(groups))
  })
})

function nameOf(key: string): string {
  return indexOf('key', sourceKey(SOURCE.platform, SOURCE.dataset, 'individu', key))
}

function sorted(groups: string[][]): string[] {
  return groups.map((group) => group.toSorted().join()).sort()
}
