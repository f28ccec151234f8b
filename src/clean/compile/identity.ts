import type { CanonicalRecord } from '../../domain/entry.ts'
import { dayNumber, twoDigits } from '../../language/calendar.ts'
import type { Placeholders } from '../converters/placeholders.ts'
import { REFUSED_NAMES, type Work } from './entry-draft.ts'

/** Pointers of the columns that identify a person, below the path of the record, and which others the layout has. */
export type IdentityPointers = {
  name: string
  birth: string
  carriesNik: boolean
  carriesSex: boolean
  placeholders: Pick<Placeholders, 'isUnproven'>
}

const FEMALE = '2'

/**
 * A person needs a name, and a usable NIK or else birth date and sex; a birth date after the reference date is none. Without a birth date
 * the NIK is all there is, so one of the other sex or another age is not enough: it is most often that of another member.
 * Nobody is held for a column that the layout does not have: one without NIK and sex identifies people in a way of its own.
 */
export function checkIdentity(record: CanonicalRecord, pointers: IdentityPointers, work: Work): void {
  const { fields } = record
  const { tanggal_lahir: born, nomor_induk_kependudukan: nik, jenis_kelamin: sex } = fields
  const isFuture = born !== undefined && work.asOf !== undefined && born > work.asOf
  if (isFuture) {
    work.say('date-invalid', record.path + pointers.birth)
    delete fields.tanggal_lahir
  }
  const isUnproven = typeof fields.nama === 'string' && pointers.placeholders.isUnproven(fields.nama)
  if (isUnproven) {
    work.say('name-placeholder', record.path + pointers.name)
    if (!agrees(nik, fields.tanggal_lahir, sex)) delete fields.nama
  }
  // Who may be called so waits for somebody who knows; who has no name at all and no NIK is nobody.
  if (fields.nama === undefined) sayNameless(record.path + pointers.name, nik !== undefined || isUnproven, work)
  const hasBirth = born !== undefined && !isFuture
  const { carriesNik, carriesSex } = pointers
  if (!carriesNik && !carriesSex) return
  if (hasBirth && (nik !== undefined || sex !== undefined || !carriesSex)) return
  if (nik === undefined || contradicts(String(nik), sex, fields.umur, work.asOf)) work.say('identity-weak', record.path)
}

function sayNameless(path: string, mayBeSomebody: boolean, work: Work): void {
  if (work.findings.some((finding) => REFUSED_NAMES.includes(finding.code) && finding.path === path)) return
  work.say(mayBeSomebody ? 'name-missing' : 'identity-missing', path)
}

type Value = string | number | undefined

/** Whether a NIK gives this birth date and sex: whoever has such a name and no such NIK is nobody that can be told. */
function agrees(nik: Value, born: Value, sex: Value): boolean {
  if (typeof nik !== 'string' || typeof born !== 'string') return false
  const day = twoDigits(nik, 6)
  const isFemale = day > 40
  const digits = `${nik.slice(10, 12)}-${nik.slice(8, 10)}-${String(isFemale ? day - 40 : day).padStart(2, '0')}`
  return born.endsWith(digits) && (sex === undefined || (sex === FEMALE) === isFemale)
}

/** The day in a NIK has 40 added for women; whichever century its year is of, the age must be the stated one, give or take a year. */
function contradicts(nik: string, sex: Value, age: Value, asOf: string | undefined): boolean {
  const day = twoDigits(nik, 6)
  if (sex !== undefined && day > 40 !== (sex === FEMALE)) return true
  if (typeof age !== 'number' || asOf === undefined) return false
  const born = twoDigits(nik, 10) * 10_000 + twoDigits(nik, 8) * 100 + (day > 40 ? day - 40 : day)
  return [1900, 2000].every((century) => {
    const years = Math.floor((dayNumber(asOf) - century * 10_000 - born) / 10_000)
    return Math.abs(years - age) > 1
  })
}
