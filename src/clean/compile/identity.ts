import { FEMALE } from '../../domain/codes.ts'
import type { CanonicalRecord } from '../../domain/entry.ts'
import { areOfWoman, birthDigits, dateDigits, partsOfDigits } from '../../domain/nik.ts'
import { dayNumber } from '../../language/calendar.ts'
import type { EntryDraft } from './entry-draft.ts'

/** Pointers of the columns that identify a person, below the path of the record, and which others the layout has. */
export type IdentityPointers = { name: string; birth: string; carriesNik: boolean; carriesSex: boolean }

/**
 * A person needs a name, and a usable NIK or else birth date and sex; a birth date after the reference date is none. Without a birth date
 * the NIK is all there is, so one of the other sex or another age is not enough: it is most often that of another member.
 * Nobody is held for a column that the layout does not have: one without NIK and sex identifies people in a way of its own.
 */
export function checkIdentity(record: CanonicalRecord, pointers: IdentityPointers, work: EntryDraft): void {
  const { fields } = record
  const { tanggal_lahir: born, nomor_induk_kependudukan: nik, jenis_kelamin: sex } = fields
  const isFuture = born !== undefined && work.asOf !== undefined && born > work.asOf
  if (isFuture) {
    work.say('date-invalid', record.path + pointers.birth)
    delete fields.tanggal_lahir
  }
  if (fields.nama === undefined) sayNameless(record.path + pointers.name, nik !== undefined, work)
  const hasBirth = born !== undefined && !isFuture
  const { carriesNik, carriesSex } = pointers
  if (!carriesNik && !carriesSex) return
  if (hasBirth && (nik !== undefined || sex !== undefined || !carriesSex)) return
  if (nik === undefined || contradicts(String(nik), sex, fields.umur, work.asOf)) work.say('identity-weak', record.path)
}

function sayNameless(path: string, hasNik: boolean, work: EntryDraft): void {
  if (work.findings.some((finding) => finding.code === 'name-too-long' && finding.path === path)) return
  work.say(hasNik ? 'name-missing' : 'identity-missing', path)
}

type Value = string | number | undefined

/** The day in a NIK has 40 added for women; whichever century its year is of, the age must be the stated one, give or take a year. */
function contradicts(nik: string, sex: Value, age: Value, asOf: string | undefined): boolean {
  const digits = dateDigits(nik)
  if (sex !== undefined && areOfWoman(digits) !== (sex === FEMALE)) return true
  if (typeof age !== 'number' || asOf === undefined) return false
  const { year, month, day } = partsOfDigits(birthDigits(digits))
  const born = year * 10_000 + month * 100 + day
  return [1900, 2000].every((century) => {
    const years = Math.floor((dayNumber(asOf) - century * 10_000 - born) / 10_000)
    return Math.abs(years - age) > 1
  })
}
