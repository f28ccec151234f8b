import type { SubjectResult } from '../../domain/results/result.ts'
import type { TwoTongues } from '../programme.ts'
import type { KnownSubject, Resident } from './household.ts'

/** Why a human has to look, whatever the conditions say. `lifts`: also where a condition speaks against. */
export const CAUTIONS = {
  'IN-REVIEW': {
    lifts: true,
    id: 'Kecocokannya dengan data lain sedang ditinjau; nilai di sini bisa milik orang lain',
    en: 'Its match with other records is under review; values may be those of somebody else',
  },
  HELD: {
    lifts: true,
    id: 'Kiriman yang lebih baru tentang data ini ditahan; lihat temuannya',
    en: 'A newer entry about this record is held; see its findings',
  },
  CORRECTION: {
    lifts: true,
    id: 'BPS menyatakan nilai lain untuk salah satu kolom penentu',
    en: 'BPS states another value for one of the deciding fields',
  },
  'NIK-MISSING': { lifts: false, id: 'Tidak ada NIK', en: 'There is no NIK' },
  'NIK-UNCONFIRMED': {
    lifts: false,
    id: 'Dukcapil tidak mencocokkan NIK dan nama',
    en: 'The civil registry does not match NIK and name',
  },
  'PLACE-UNKNOWN': {
    lifts: false,
    id: 'Tempat tinggal tidak diketahui sampai tingkat wilayah yang diminta',
    en: 'Where it lives is not known down to the region that was asked for',
  },
  'STATUS-MOVED': { lifts: false, id: 'DTSEN: pindah', en: 'DTSEN: moved' },
  'STATUS-NOT-FOUND': { lifts: false, id: 'DTSEN: tidak ditemukan', en: 'DTSEN: not found' },
  'STATUS-EXCLUDED': { lifts: false, id: 'DTSEN: dikeluarkan', en: 'DTSEN: excluded' },
} as const satisfies Record<string, TwoTongues & { lifts: boolean }>
export type Caution = keyof typeof CAUTIONS

/** What speaks against by itself: BPS says that the person is dead. */
export const DEAD = { code: 'STATUS-DEAD', id: 'DTSEN: meninggal', en: 'DTSEN: dead' } as const

/** What BPS says of a resident, and of the family that a person belongs to. */
export type Said = { own: SubjectResult | undefined; family: SubjectResult | undefined }

/** The cautions about a resident. `variables`: full keys that the programme reads. */
export function cautionsOf(
  { self, household, inReview, isHeld }: Resident,
  { own, family }: Said,
  variables: ReadonlySet<string>,
  isPlaced: boolean,
): Caution[] {
  const cautions: Caution[] = []
  if (inReview) cautions.push('IN-REVIEW')
  if (isHeld) cautions.push('HELD')
  if (!isPlaced) cautions.push('PLACE-UNKNOWN')
  if (self.level === 'individu' && self.fields.nomor_induk_kependudukan === undefined) cautions.push('NIK-MISSING')
  if (own?.dukcapil === 'mismatch' || own?.dukcapil === 'not-found') cautions.push('NIK-UNCONFIRMED')
  const statuses = new Set([own?.status, family?.status])
  if (statuses.has('moved')) cautions.push('STATUS-MOVED')
  if (statuses.has('not-found')) cautions.push('STATUS-NOT-FOUND')
  if (statuses.has('excluded')) cautions.push('STATUS-EXCLUDED')
  if (isCorrected(self, own, variables) || isCorrected(household.family, family, variables)) cautions.push('CORRECTION')
  return cautions
}

/** Whether BPS states another value for a variable that the programme reads, and the record still says the former. */
function isCorrected(
  known: KnownSubject | undefined,
  result: SubjectResult | undefined,
  variables: ReadonlySet<string>,
): boolean {
  if (known === undefined || result === undefined) return false
  return result.corrections.some(({ field, value }) => {
    const key = field.includes('.') ? field : `${known.level}.${field}`
    return variables.has(key) && String(known.fields[key.slice(key.indexOf('.') + 1)]) !== String(value)
  })
}
