import { compareVersions } from './registry.ts'

type Version = { name: string; version: string }

/** A dataset by `name` or `name@version`: the version named, else the one new batches get, else the newest draft. */
export function chooseDataset<T extends Version>(
  { datasets, versions }: { datasets: ReadonlyMap<string, T>; versions: ReadonlyMap<string, T> },
  spec: string,
): T | undefined {
  if (spec.includes('@')) return versions.get(spec)
  return datasets.get(spec) ?? versionsOf(versions, spec).at(-1)
}

/** Every version of a dataset, the oldest first. */
export function versionsOf<T extends Version>(versions: ReadonlyMap<string, T>, name: string): T[] {
  return [...versions.values()]
    .filter((dataset) => dataset.name === name)
    .sort((a, b) => compareVersions(a.version, b.version))
}
