import { expect, it } from 'vitest'
import { openRegistry } from '../../../src/deps.ts'
import type { Features } from '../../../src/link/compare/features.ts'
import { readModel } from '../../../src/link/score/model-file.ts'
import { binOf, figuresOf, type SampledRecord } from '../../../src/link/train/sample-figures.ts'
import { createKeyRing } from '../../../src/trust/keys/keyring.ts'
import { openVault } from '../../../src/trust/keys/vault.ts'

const FULL: Features = {
  words: ['BUDI', 'SANTOSO'],
  birth: { year: 1980, month: 2, day: 3 },
  sex: '1',
  nik: '9971010302800001',
  village: '9971010001',
  extras: {},
}
const POOR: Features = { words: ['BUDI'], sex: '1', extras: {} }

function sample(persons: Features[][]) {
  const byPerson = new Map(
    persons.map((all, at) => [
      `per_${at}`,
      all.map((features): SampledRecord => ({ features, person: `per_${at}`, family: null })),
    ]),
  )
  return { drawn: [...byPerson.values()].flat(), byPerson }
}

it('tells what is alone, what cannot be found or linked, how sure the links are, and how far levels moved', async () => {
  const { linkage } = await openRegistry({}, openVault(createKeyRing(new Date(0))))
  const model = readModel(linkage)
  const { nik: _, ...withoutNik } = FULL
  const { drawn, byPerson } = sample([[FULL, FULL], [FULL, { ...FULL, words: ['SITI'] }], [withoutNik], [POOR]])
  const figures = figuresOf(drawn, byPerson, model)
  expect(figures).toMatchObject({ records: 6, alone: 2, withoutKey: 1, unlinkable: 1 })
  expect([...figures.linked.values()].reduce((sum, pairs) => sum + pairs, 0)).toBe(2)
  const name = figures.drift.find(({ field }) => field === 'name')
  expect(name).toMatchObject({
    pairs: 2,
    levels: expect.arrayContaining([expect.objectContaining({ level: 'equal', seen: 0.5 })]),
  })
  // Half of the names differ, which the model expects of hardly any pair of one person.
  expect(name?.index).toBeGreaterThan(0.25)
  expect(figures.drift.find(({ field }) => field === 'family')).toMatchObject({ pairs: 0, index: 0 })
})

it('puts what is beyond the ends into the last bins', () => {
  expect([-100, -20.5, -0.1, 0, 5.9, 41].map(binOf)).toEqual([-20, -20, -1, 0, 5, 40])
})
