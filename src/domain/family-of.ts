import type { Level } from './entry.ts'

type Placed = { level: Level; path: string }

/**
 * Finds the family that a record of an entry belongs to: the only one, else the one whose part of the source record holds it.
 * A building with several families is one entry.
 */
export function familyFinder<T extends Placed>(records: readonly T[]): (record: Placed) => T | undefined {
  let only: T | undefined
  let others: Map<string, T> | undefined
  for (const record of records) {
    if (record.level !== 'keluarga') continue
    if (only === undefined) only = record
    else {
      others ??= new Map([[only.path, only]])
      if (!others.has(record.path)) others.set(record.path, record)
    }
  }
  if (others === undefined) return () => only
  const families = others
  return ({ path }) => {
    for (let end = path.length; end >= 0; end = end === 0 ? -1 : Math.max(0, path.lastIndexOf('/', end - 1))) {
      const family = families.get(path.slice(0, end))
      if (family !== undefined) return family
    }
    return undefined
  }
}
