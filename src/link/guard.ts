import type { CanonicalRecord } from '../domain/entry.ts'
import { areBirthDatesClose } from './birth-dates.ts'
import { compareNames } from './compare-names.ts'
import { foldName } from './names.ts'

/**
 * Whether two records with one NIK must be two people: the names are clearly different, and no birth date of the same sex
 * says that it was only the name that changed (after the hajj, by court order). A missing date says nothing: in the sample
 * it, and a default date of the same year, stood between a person and a relative who carried the same NIK.
 */
export function areContradicting(a: CanonicalRecord, b: CanonicalRecord): boolean {
  return doNamesDiffer(a, b) && !doBirthsAgree(a, b)
}

/** Within one family a date is no help: twins share it, and the number of one easily stands at the other. */
export function doNamesDiffer(a: CanonicalRecord, b: CanonicalRecord): boolean {
  const nameA = a.fields.nama
  const nameB = b.fields.nama
  if (typeof nameA !== 'string' || typeof nameB !== 'string') return false
  if (nameA === nameB) return false
  const { level } = compareNames(foldName(nameA).words, foldName(nameB).words)
  return level === 'apart' || level === 'some'
}

function doBirthsAgree({ fields: a }: CanonicalRecord, { fields: b }: CanonicalRecord): boolean {
  if (typeof a.tanggal_lahir !== 'string' || typeof b.tanggal_lahir !== 'string') return false
  const isOtherSex =
    a.jenis_kelamin !== undefined && b.jenis_kelamin !== undefined && a.jenis_kelamin !== b.jenis_kelamin
  return !isOtherSex && areBirthDatesClose(a.tanggal_lahir, b.tanggal_lahir)
}
