import type { Registry } from './catalogue/registry.ts'
import type { Region } from './domain/region.ts'
import type { Register } from './domain/register.ts'
import { coverageOf } from './trust/agreements/coverage.ts'

/** What lines for BPS are told with: the codes of places, the register that a dataset is an extract of, and what agreements cover. */
export function telling(
  { regions, datasets, platforms }: Pick<Registry, 'regions' | 'datasets' | 'platforms'>,
  clock: () => Date,
) {
  return {
    regionOf: (bps: string): Region => regions.inBoth(bps),
    registerOf: (dataset: string): Register => datasets.get(dataset)?.mapping.register ?? 'own',
    coverage: coverageOf(platforms, clock),
  }
}
