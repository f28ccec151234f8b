import type { CanonicalRecord } from '../../domain/entry.ts'
import { compareAddresses, foldAddress } from '../compare/address.ts'
import { COMPARISONS, compare } from '../compare/compare.ts'
import { compareNames } from '../compare/compare-names.ts'
import type { Features } from '../compare/features.ts'
import { foldName } from '../compare/names.ts'
import { type Model, weigh } from './model.ts'

/** What tells who somebody is. Family and place are left out: a key is often given to the next member of one family. */
const IDENTIFYING = ['name', 'birth', 'sex', 'nik']
/** Match weight, in bits, that a source's own key is worth: so much must speak against it. Measured in decision 0024. */
const KEY_WEIGHT = 10
const NAME_APART = COMPARISONS.name.indexOf('apart')
const BIRTH_APART = COMPARISONS.birth.indexOf('apart')

/**
 * Whether a record is of another person than the one stored under the same key. A mistyped name, a corrected birth date or a
 * NIK that comes later leave it the same person; name and birth date that both differ do not, whatever the NIK.
 */
export function isOtherPerson(stored: Features, given: Features, model: Model): boolean {
  const comparison = compare(stored, given)
  const { name, birth } = comparison.levels
  if (name === NAME_APART && (birth === BIRTH_APART || comparison.areTwins)) return true
  const weights = weigh(comparison, model)
  let sum = KEY_WEIGHT
  for (const field of IDENTIFYING) sum += weights[field] ?? 0
  return sum < 0
}

/**
 * Whether a family's record is of another family than the one stored under the same key: card, head and place all differ,
 * as far as both records state them. A family that gets a new card, a new head or a new house stays the same.
 */
export function isOtherFamily({ fields: a, headNik }: CanonicalRecord, given: CanonicalRecord): boolean {
  const { fields: b } = given
  const heads = [
    isSame(headNik, given.headNik),
    agreeing(a.nama_anggota_keluarga, b.nama_anggota_keluarga, (one, other) => {
      return compareNames(foldName(one).words, foldName(other).words).level !== 'apart'
    }),
  ]
  const others = [
    isSame(a.nomor_kartu_keluarga, b.nomor_kartu_keluarga),
    isSame(a.kode_kelurahan_desa, b.kode_kelurahan_desa) === false ? false : isSameAddress(a.alamat, b.alamat),
  ]
  return heads.includes(false) && others.includes(false) && ![...heads, ...others].includes(true)
}

function isSameAddress(a: string | number | undefined, b: string | number | undefined): boolean | undefined {
  return agreeing(a, b, (one, other) => {
    const [foldedOne, foldedOther] = [foldAddress(one), foldAddress(other)]
    if (foldedOne === undefined || foldedOther === undefined) return undefined
    return compareAddresses(foldedOne, foldedOther) !== 'other'
  })
}

function isSame(a: string | number | undefined, b: string | number | undefined): boolean | undefined {
  return agreeing(a, b, (one, other) => one === other)
}

function agreeing(
  a: string | number | undefined,
  b: string | number | undefined,
  agree: (a: string, b: string) => boolean | undefined,
): boolean | undefined {
  return typeof a === 'string' && typeof b === 'string' ? agree(a, b) : undefined
}
