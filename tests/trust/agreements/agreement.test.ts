import { describe, expect, it } from 'vitest'
import type { Dataset } from '../../../src/domain/dataset.ts'
import {
  agreementName,
  agreementOn,
  bindingAgreement,
  coveredDataset,
  type IntakeRegistry,
  platformsWithout,
} from '../../../src/trust/agreements/agreement.ts'

const agreement = {
  number: 'PKS',
  parties: [],
  purpose: '',
  legalBasis: [],
  validFrom: '2025-01-01',
  validTo: '2025-12-31',
  fields: '*' as const,
}
const dataset = (name: string): Dataset => ({
  name,
  version: '1',
  format: { kind: 'ndjson' },
  lookups: [],
  recordOf: () => undefined,
  keysOf: () => ({ entry: null, records: [] }),
  clean: () => {
    throw new Error('not here')
  },
})
const REGISTRY: IntakeRegistry = {
  datasets: new Map([dataset('orang'), dataset('lain')].map((one) => [one.name, one])),
  platforms: new Map([['utara', { name: 'utara', title: '', scope: [], datasets: ['orang'], agreement, contact: '' }]]),
}

it.for<[moment: string, platform: string, dataset: string, code: string | undefined]>([
  ['2025-06-01T00:00:00Z', 'utara', 'orang', undefined],
  ['2024-12-31T16:59:59Z', 'utara', 'orang', 'agreement-not-in-force'],
  ['2024-12-31T17:00:00Z', 'utara', 'orang', undefined],
  ['2025-12-31T16:59:59Z', 'utara', 'orang', undefined],
  ['2025-12-31T17:00:00Z', 'utara', 'orang', 'agreement-not-in-force'],
  ['2025-06-01T00:00:00Z', 'utara', 'lain', 'agreement-missing'],
  ['2025-06-01T00:00:00Z', 'selatan', 'orang', 'agreement-missing'],
  ['2025-06-01T00:00:00Z', 'utara', 'tidak-ada', 'dataset-unknown'],
])('at %s a push of %s to %s: %s, by the calendar of Jakarta', ([moment, platform, name, code]) => {
  const covered = () => coveredDataset(REGISTRY, platform, name, new Date(moment))
  if (code === undefined) expect(covered()).toMatchObject({ platform: { name: platform }, dataset: { name } })
  else expect(covered).toThrow(expect.objectContaining({ code }))
})

describe('versions of an agreement', () => {
  const renewed = { ...agreement, version: 2, validFrom: '2026-03-01', validTo: '2026-12-31' }
  const platform = {
    name: 'utara',
    title: '',
    scope: [],
    datasets: [],
    contact: '',
    earlier: [agreement],
    agreement: renewed,
  }

  it.each([
    ['2024-12-31', undefined, 'PKS'],
    ['2025-12-31', 'PKS', 'PKS'],
    ['2026-02-28', undefined, 'PKS'],
    ['2026-03-01', 'PKS v2', 'PKS v2'],
    ['2027-01-01', undefined, 'PKS v2'],
  ])('on %s: %s is in force, %s binds', (day, inForce, binding) => {
    const found = agreementOn(platform, day)
    expect(found && agreementName(found)).toBe(inForce)
    expect(agreementName(bindingAgreement(platform, day))).toBe(binding)
    expect(platformsWithout([platform], new Date(`${day}T05:00:00Z`))).toEqual(inForce === undefined ? ['utara'] : [])
  })

  it('are named in the problem of a push between two of them', () => {
    const registry = { ...REGISTRY, platforms: new Map([['utara', { ...platform, datasets: ['orang'] }]]) }
    expect(() => coveredDataset(registry, 'utara', 'orang', new Date('2026-02-01T00:00:00Z'))).toThrow(
      'agreement PKS of utara ended on 2025-12-31',
    )
  })
})
