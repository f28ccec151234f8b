import type { Dataset } from '../domain/dataset.ts'
import { coveredDataset, type IntakeRegistry } from '../trust/agreements/agreement.ts'

export type PortalRegistry = Pick<IntakeRegistry, 'platforms'> & {
  datasets: ReadonlyMap<string, Dataset & { mapping: { title: string } }>
}

/** The datasets that a platform may push on a day, with their titles. */
export function datasetsOf(
  registry: Omit<IntakeRegistry, 'datasets'> & PortalRegistry,
  platform: string,
  now: Date,
): { name: string; title: string }[] {
  const names = registry.platforms.get(platform)?.datasets ?? []
  return names
    .filter((name) => isCovered(registry, platform, name, now))
    .map((name) => ({
      name,
      title: registry.datasets.get(name)?.mapping.title ?? name,
    }))
}

function isCovered(
  registry: Omit<IntakeRegistry, 'datasets'> & PortalRegistry,
  platform: string,
  name: string,
  now: Date,
): boolean {
  try {
    coveredDataset(registry, platform, name, now)
    return true
  } catch {
    return false
  }
}
