import type { CanonicalRecord } from './entry.ts'

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
