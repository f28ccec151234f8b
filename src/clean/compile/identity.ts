import { FEMALE } from '../../domain/codes.ts'
import type { CanonicalRecord } from '../../domain/entry.ts'
import { areOfWoman, birthDigits, dateDigits, partsOfDigits } from '../../domain/nik.ts'
import { dayNumber } from '../../language/calendar.ts'
import type { Placeholders } from '../converters/placeholders.ts'
import { type EntryDraft, REFUSED_NAMES } from './entry-draft.ts'

/** Pointers of the columns that identify a person, below the path of the record, and which others the layout has. */
export type IdentityPointers = {
  name: string
  birth: string
  carriesNik: boolean
  carriesSex: boolean
  placeholders: Pick<Placeholders, 'isUnproven'>
}

/**
 * Checks that a person can be identified: by a name, and by a usable NIK or else birth date and sex. Findings say what is missing.
 * A birth date after the reference date is taken out. Without a birth date the NIK must fit sex and age, since one that does not
 * is most often that of another member. A layout without NIK and sex identifies people in its own way: nobody is held for columns
 * that it does not have.
 */
export function checkIdentity(record: CanonicalRecord, pointers: IdentityPointers, work: EntryDraft): void {
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

function sayNameless(path: string, mayBeSomebody: boolean, work: EntryDraft): void {
  if (work.findings.some((finding) => REFUSED_NAMES.includes(finding.code) && finding.path === path)) return
  work.say(mayBeSomebody ? 'name-missing' : 'identity-missing', path)
}

type Value = string | number | undefined

/** Whether a NIK gives this birth date and sex: whoever has such a name and no such NIK is nobody that can be told. */
function agrees(nik: Value, born: Value, sex: Value): boolean {
  if (typeof nik !== 'string' || typeof born !== 'string') return false
  const digits = dateDigits(nik)
  if (sex !== undefined && areOfWoman(digits) !== (sex === FEMALE)) return false
  const { year, month, day } = partsOfDigits(birthDigits(digits))
  const [yy, mm, dd] = [year, month, day].map((part) => String(part).padStart(2, '0'))
  return born.endsWith(`${yy}-${mm}-${dd}`)
}

/** Whether a NIK says another sex, or another age by more than a year. Its year has no century, so both are tried. */
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
