import type { CanonicalRecord } from '../domain/entry.ts'
import type { Work } from './work.ts'

/** Pointers of the columns that identify a person, below the path of the record. */
export type IdentityPointers = { name: string; birth: string }

/**
 * A person needs a name, and a usable NIK or else birth date and sex; a birth date after the reference date is none. Without a birth date
 * the NIK is all there is, so one of the other sex is not enough: it is most often that of another member.
 */
export function checkIdentity(record: CanonicalRecord, pointers: IdentityPointers, work: Work): void {
  const { fields } = record
  const { tanggal_lahir: born, nomor_induk_kependudukan: nik, jenis_kelamin: sex } = fields
  const isFuture = born !== undefined && work.asOf !== undefined && born > work.asOf
  if (isFuture) {
    work.say('date-invalid', record.path + pointers.birth)
    delete fields.tanggal_lahir
  }
  if (fields.nama === undefined) sayNameless(record.path + pointers.name, nik !== undefined, work)
  if (born !== undefined && !isFuture && sex !== undefined) return
  const hasBirth = born !== undefined && !isFuture
  const isWeak =
    nik === undefined ? !hasBirth || sex === undefined : !hasBirth && sex !== undefined && sexOfNik(String(nik)) !== sex
  if (isWeak) work.say('identity-weak', record.path)
}

function sayNameless(path: string, hasNik: boolean, work: Work): void {
  if (work.findings.some((finding) => finding.code === 'name-too-long' && finding.path === path)) return
  work.say(hasNik ? 'name-missing' : 'identity-missing', path)
}

/** The day in a NIK has 40 added for women. */
function sexOfNik(nik: string): '1' | '2' {
  return Number(nik.slice(6, 8)) > 40 ? '2' : '1'
}
