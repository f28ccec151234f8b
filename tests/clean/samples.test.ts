import { createHash } from 'node:crypto'
import { readdirSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { beforeAll, describe, expect, it } from 'vitest'
import { type DatasetExample, entryOf } from '../../src/catalogue/examples.ts'
import { readRegistry } from '../../src/catalogue/registry.file.ts'
import { compileRegistry, type Registry } from '../../src/catalogue/registry.ts'
import { ANYWHERE } from '../../src/clean/mapping/any-platform.ts'
import { type FileScore, scoreFile } from './sample-run.ts'
import { readTruth, SAMPLES } from './sample-truth.ts'

const PLATFORMS = ['carik-jakarta', 'jembrana', 'smart-kampung-banyuwangi', 'sumedang']
const FILES = PLATFORMS.flatMap((platform) =>
  readdirSync(new URL(`${platform}/`, SAMPLES)).map((name) => `${platform}/${name}`),
)
const digest = (text: string) => createHash('sha256').update(text).digest('hex').slice(0, 24)
const truth = readTruth()

let registry: Registry
beforeAll(async () => {
  registry = compileRegistry(
    await readRegistry([fileURLToPath(new URL('../../src/registry', import.meta.url))]),
    digest,
  )
})

/** Values a file of this dataset gives at least: a mapping that answers nothing is right about everything. */
const FLOOR: Record<string, number> = {
  carik: 30,
  'dtks-individu': 20,
  'dtks-rumah-tangga': 30,
  jembrana: 28,
  'p3ke-individu': 8,
  'p3ke-keluarga': 11,
  'smart-kampung': 20,
  sumedang: 22,
}

describe('the clean stage on the sample files', () => {
  it('has the truth of every file', () => {
    expect([...truth.files.keys()].sort()).toEqual(FILES.sort())
  })

  for (const file of FILES) {
    it(`judges every line of ${file} as the truth demands, and gives true values`, async () => {
      const score = await scoreFile(file, registry, truth)
      const { values, share, worst } = sumUp(score)
      console.log(
        `${file}: ${score.entries} entries, ${score.accepted} accepted, ${values} values, ${(100 * share).toFixed(3)} % right`,
        worst,
      )
      expect(score.misjudged).toEqual([])
      expect(share).toBeGreaterThanOrEqual(0.995)
      expect(values / score.accepted).toBeGreaterThan(FLOOR[score.dataset] ?? Number.POSITIVE_INFINITY)
    })
  }
})

describe('the rule book', () => {
  it('expects no answer of a list that names only those to whom it applies', () => {
    const dataset = registry.datasets.get('smart-kampung')
    const examples = dataset?.folder.examples.map(({ value }) => value as DatasetExample) ?? []
    const found = examples.flatMap((example) => dataset?.clean(entryOf(dataset, example.in), ANYWHERE).findings ?? [])
    expect(found.map(({ code }) => code)).not.toContain('R431A-ISI')
    expect(registry.rules.rules.map(({ code }) => code)).toContain('R431A-ISI')
  })
})

function sumUp(score: FileScore): { values: number; share: number; worst: Record<string, string> } {
  const fields = [...score.values]
  const right = fields.reduce((sum, [, tally]) => sum + tally.right, 0)
  const wrong = fields.reduce((sum, [, tally]) => sum + tally.wrong, 0)
  const worst = fields
    .filter(([, tally]) => tally.wrong > 0)
    .map(([field, { right: good, wrong: bad }]) => [field, `${bad} of ${good + bad}`])
  return { values: right + wrong, share: right / (right + wrong), worst: Object.fromEntries(worst) }
}
