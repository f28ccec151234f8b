import type { CanonicalRecord, Level } from './entry.ts'

/**
 * The text that says whether two records of one subject are the same: the record without its path, since a member who moves up in the
 * list is the same member, and without its findings, since a changed rule changes no record. With the place of a person, which only
 * the record of the family has.
 */
export function contentOf(record: CanonicalRecord, family: CanonicalRecord | undefined): string {
  const { path: _path, findings: _findings, ...said } = record
  return JSON.stringify({ ...placeOf(record, family), ...said })
}

/** What only the record of the family in the same entry says of where a person lives. */
export function placeOf(
  { level }: Pick<CanonicalRecord, 'level'>,
  family: CanonicalRecord | undefined,
): { village?: string | number; address?: string | number } {
  if (level === 'keluarga') return {}
  const { kode_kelurahan_desa: village, alamat: address } = family?.fields ?? {}
  return { ...(village !== undefined && { village }), ...(address !== undefined && { address }) }
}

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
