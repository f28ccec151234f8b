import type { Registry } from './catalogue/registry.ts'
import type { Region } from './domain/region.ts'
import type { Register } from './domain/register.ts'

/** What lines for BPS are told with: the codes of places, and the register that a dataset is an extract of. */
export function telling({ regions, datasets }: Pick<Registry, 'regions' | 'datasets'>) {
  return {
    regionOf: (bps: string): Region => regions.inBoth(bps),
    registerOf: (dataset: string): Register => datasets.get(dataset)?.mapping.register ?? 'own',
  }
}
