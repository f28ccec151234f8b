import type { CanonicalRecord } from '../domain/entry.ts'
import { foldName } from './names.ts'

/** What of a person's record is compared; what is absent is unknown. */
export type Portrait = {
  /** Folded words of the name, in their order. */
  words: string[]
  birth?: BirthDate
  sex?: string
  relation?: string
  nik?: string
  kk?: string
  /** Platform and dataset of the list. */
  source?: string
  /** The list this person stands on with others: platform, dataset and household or No. KK. */
  list?: string
  /** BPS code of the village. */
  village?: string
  /** Texts of the source that have no canonical home; which of them are compared is the model's to say. */
  extras: Record<string, string>
}

export type BirthDate = { year: number; month: number; day: number }

/** Draws the portrait of a person from their record and what tells of their village: the family's record, or what was kept of it. */
export function portraitOf(
  record: CanonicalRecord & { village?: string | number },
  source: string,
  family?: CanonicalRecord,
): Portrait {
  const { fields, extensions, household } = record
  const village =
    family?.fields.kode_kelurahan_desa ??
    record.village ??
    extensions?.kode_kelurahan_desa ??
    fields.kode_kelurahan_desa_ktp
  const portrait: Portrait = { words: typeof fields.nama === 'string' ? foldName(fields.nama).words : [], extras: {} }
  const birth = typeof fields.tanggal_lahir === 'string' ? birthDateOf(fields.tanggal_lahir) : undefined
  if (birth !== undefined) portrait.birth = birth
  if (typeof fields.jenis_kelamin === 'string') portrait.sex = fields.jenis_kelamin
  if (typeof fields.status_hubungan_keluarga === 'string') portrait.relation = fields.status_hubungan_keluarga
  if (typeof fields.nomor_induk_kependudukan === 'string') portrait.nik = fields.nomor_induk_kependudukan
  if (typeof fields.nomor_kartu_keluarga === 'string') portrait.kk = fields.nomor_kartu_keluarga
  const list = household?.key ?? portrait.kk
  if (list !== undefined) {
    portrait.source = source
    portrait.list = `${source}|${list}`
  }
  if (typeof village === 'string') portrait.village = village
  for (const [name, value] of Object.entries(extensions ?? {})) {
    if (typeof value !== 'string' && typeof value !== 'number') continue
    const text = plainText(String(value))
    if (text !== '') portrait.extras[name] = text
  }
  return portrait
}

/** Days that registers write when they know only the year (domain/names.md, section 4). */
export function isDefaultDay({ month, day }: BirthDate): boolean {
  return ((month === 1 || month === 7) && day === 1) || (month === 12 && day === 31)
}

/** Upper case, without accents and signs, single spaces. */
function plainText(text: string): string {
  const plain = text.normalize('NFKD').replace(/\p{M}/gu, '')
  return plain
    .toUpperCase()
    .replace(/[^\p{L}\p{N}]+/gu, ' ')
    .trim()
}

function birthDateOf(iso: string): BirthDate {
  return { year: Number(iso.slice(0, 4)), month: Number(iso.slice(5, 7)), day: Number(iso.slice(8, 10)) }
}
