import { expect, it } from 'vitest'
import type { Dataset } from '../../../src/domain/dataset.ts'
import { coveredDataset, type IntakeRegistry } from '../../../src/trust/agreements/agreement.ts'

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
  ['2024-12-31T16:59:59Z', 'utara', 'orang', 'agreement-missing'],
  ['2024-12-31T17:00:00Z', 'utara', 'orang', undefined],
  ['2025-12-31T16:59:59Z', 'utara', 'orang', undefined],
  ['2025-12-31T17:00:00Z', 'utara', 'orang', 'agreement-missing'],
  ['2025-06-01T00:00:00Z', 'utara', 'lain', 'agreement-missing'],
  ['2025-06-01T00:00:00Z', 'selatan', 'orang', 'agreement-missing'],
  ['2025-06-01T00:00:00Z', 'utara', 'tidak-ada', 'dataset-unknown'],
])('at %s a push of %s to %s: %s, by the calendar of Jakarta', ([moment, platform, name, code]) => {
  const covered = () => coveredDataset(REGISTRY, platform, name, new Date(moment))
  if (code === undefined) expect(covered()).toMatchObject({ platform: { name: platform }, dataset: { name } })
  else expect(covered).toThrow(expect.objectContaining({ code }))
})
