import type { CanonicalRecord } from '../../domain/entry.ts'
import { householdKey } from '../../domain/keys.ts'
import { foldAddress } from './address.ts'
import { foldName } from './names.ts'

/** A record as it is kept. A person's record also keeps the village and address that only the family's record states. */
export type KeptRecord = CanonicalRecord & { village?: string | number; address?: string | number }

/** What is compared of a person's record; an absent feature is unknown. */
export type Features = {
  /** Folded words of the name, in their order. */
  words: string[]
  birth?: BirthDate
  sex?: string
  relation?: string
  nik?: string
  kk?: string
  /** Platform and dataset of the list. */
  source?: string
  /** The household that the source has this person in, as a blind index of it is made. */
  household?: string
  /** The list this person stands on with others: platform, dataset and household or No. KK. */
  list?: string
  /** BPS code of the village. */
  village?: string
  /** The address within the village, folded. */
  address?: string
  /** Texts of the source that have no canonical home; which of them are compared is the model's to say. */
  extras: Record<string, string>
}

// These are compared as the place, if there is a village.
const PLACES: readonly string[] = ['alamat', 'kode_kelurahan_desa']

/** The family that each record names, by card, household or head; records that name none are left out. */
export type FamilyOfFeatures = ReadonlyMap<Features, string>

export type BirthDate = { year: number; month: number; day: number }

/**
 * Takes the features of a person from their record and what tells of their place: the family's record, or what was kept of it. `fold`
 * folds the address.
 */
export function featuresOf(
  record: KeptRecord,
  source: string,
  family?: CanonicalRecord,
  fold: typeof foldAddress = foldAddress,
): Features {
  const { fields, extensions, household } = record
  const village =
    family?.fields.kode_kelurahan_desa ??
    record.village ??
    extensions?.kode_kelurahan_desa ??
    fields.kode_kelurahan_desa_ktp
  const features: Features = { words: typeof fields.nama === 'string' ? foldName(fields.nama).words : [], extras: {} }
  const birth = typeof fields.tanggal_lahir === 'string' ? birthDateOf(fields.tanggal_lahir) : undefined
  if (birth !== undefined) features.birth = birth
  if (typeof fields.jenis_kelamin === 'string') features.sex = fields.jenis_kelamin
  if (typeof fields.status_hubungan_keluarga === 'string') features.relation = fields.status_hubungan_keluarga
  if (typeof fields.nomor_induk_kependudukan === 'string') features.nik = fields.nomor_induk_kependudukan
  if (typeof fields.nomor_kartu_keluarga === 'string') features.kk = fields.nomor_kartu_keluarga
  const [platform = ''] = source.split('|')
  if (household !== undefined) features.household = householdKey(platform, household)
  const list = household?.key ?? features.kk
  if (list !== undefined) {
    features.source = source
    features.list = `${source}|${list}`
  }
  if (typeof village === 'string') {
    features.village = village
    const address = family?.fields.alamat ?? record.address ?? extensions?.alamat
    const folded = typeof address === 'string' ? fold(address) : undefined
    if (folded !== undefined) features.address = folded
  }
  for (const [name, value] of Object.entries(extensions ?? {})) {
    if (features.village !== undefined && PLACES.includes(name)) continue
    if (typeof value !== 'string' && typeof value !== 'number') continue
    const text = plainText(String(value))
    if (text !== '') features.extras[name] = text
  }
  return features
}

/** Default days, which registers write when they know only the year: 1 January, 1 July, 31 December. */
export function isDefaultDay({ month, day }: BirthDate): boolean {
  return ((month === 1 || month === 7) && day === 1) || (month === 12 && day === 31)
}

const ASCII = /^[ -~]*$/

/** Upper case, without accents and signs, single spaces. */
function plainText(text: string): string {
  // Nearly all texts: they have no accents, and a search by properties of Unicode takes five times as long.
  if (ASCII.test(text))
    return text
      .toUpperCase()
      .replace(/[^A-Z0-9]+/g, ' ')
      .trim()
  const plain = text.normalize('NFKD').replace(/\p{M}/gu, '')
  return plain
    .toUpperCase()
    .replace(/[^\p{L}\p{N}]+/gu, ' ')
    .trim()
}

function birthDateOf(iso: string): BirthDate {
  return { year: Number(iso.slice(0, 4)), month: Number(iso.slice(5, 7)), day: Number(iso.slice(8, 10)) }
}
