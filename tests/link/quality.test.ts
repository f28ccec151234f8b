import { describe, expect, it } from 'vitest'
import { readModel, writeModel } from '../../src/link/score/model-file.ts'
import { train } from '../../src/link/train/train.ts'
import { matchAll, scorePairs } from './match-all.ts'
import { readSamplePeople } from './sample-people.ts'

/** A small generator of its own, so that a run can be repeated. */
function dice(seed: number): (below: number) => number {
  let state = seed
  return (below) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    return Math.floor((state / 2 ** 32) * below)
  }
}

describe('probabilistic linkage of the samples', async () => {
  const people = await readSamplePeople()
  const allFeatures = people.map(({ features }) => features)
  const persons = people.map(({ person }) => person)
  const model = train(allFeatures, dice(1))

  it('finds almost every pair and joins nobody else', () => {
    const { groups, unsure } = matchAll(allFeatures, model)
    const all = scorePairs(groups, persons)
    const hard = scorePairs(groups, persons, (a, b) => !people[a]?.hasNik || !people[b]?.hasNik)
    console.log(
      `${people.length} records: all pairs ${percent(all)}, without usable NIK ${percent(hard)}, unsure ${unsure}`,
    )
    expect(all.precision).toBeGreaterThanOrEqual(0.998)
    expect(all.recall).toBeGreaterThanOrEqual(0.97)
    expect(hard.precision).toBeGreaterThanOrEqual(0.99)
    expect(hard.recall).toBeGreaterThanOrEqual(0.9)
    expect(unsure / people.length).toBeLessThanOrEqual(0.02)
  })

  it('hardly needs the NIK', () => {
    const { groups, unsure } = matchAll(
      allFeatures.map(({ nik: _, ...features }) => features),
      model,
    )
    const all = scorePairs(groups, persons)
    console.log(`without any NIK ${percent(all)}, unsure ${unsure}`)
    expect(all.precision).toBeGreaterThanOrEqual(0.985)
    expect(all.recall).toBeGreaterThanOrEqual(0.95)
  })

  it('is the same by a model that was kept in a file', () => {
    const kept = readModel(writeModel('1', people.length, model))
    expect(kept).toMatchObject({ version: '1', records: people.length })
    expect(matchAll(allFeatures, kept.model).groups).toEqual(matchAll(allFeatures, model).groups)
  })

  it('keeps no word in the model that fewer than three names hold', () => {
    const rare = Object.entries(model.words).filter(([, share]) => share * people.length < 2.999)
    expect(rare).toEqual([])
  })
})

it.each([
  ['{'],
  ['{}'],
  [writeModel('1', 2, { prior: 0.5, fields: { sex: { m: [1], u: [1] } }, extras: [], keys: [], words: {}, rare: 0.1 })],
])('refuses a file that is no model of this version', (text) => {
  expect(() => readModel(text)).toThrow(/model/)
})

function percent({ precision, recall }: { precision: number; recall: number }): string {
  return `precision ${precision.toFixed(4)} recall ${recall.toFixed(4)}`
}
