import type { Registry } from './registry.ts'

/** How many of a hundred records may be absent from a snapshot of a dataset that says nothing else. */
const MOST_ABSENT = 10

/** How many of a hundred records of a dataset version may be absent from a snapshot, before it is held: `snapshot.mostAbsent` of its mapping. */
export function mostAbsentOf({ versions }: Pick<Registry, 'versions'>): (dataset: string, version: string) => number {
  return (dataset, version) => versions.get(`${dataset}@${version}`)?.mapping.snapshot?.mostAbsent ?? MOST_ABSENT
}
