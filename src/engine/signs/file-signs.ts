import type { CleanEntry } from '../../domain/entry.ts'
import { fieldOf } from '../../domain/field.ts'
import { NIK_SERIAL } from '../../domain/nik.ts'
import { addFrequent, Frequent, type FrequentValues } from './frequent.ts'

/** What was counted in a part of a file. It holds no value: frequent ones by a short hash. */
export type StoredSigns = {
  entries: number
  niks: number
  roundedNiks: number
  serials: FrequentValues
  births: number
  birthDates: FrequentValues
  places: number
  villages: FrequentValues
  /** Entries with a value that is not known, by field. */
  unknown: Readonly<Record<string, number>>
  /** Accepted entries by the BPS code of their district, and how many of them something was found in; parts of before lack it. */
  districts?: Readonly<Record<string, DistrictCount>>
}

/** How many entries of a district there are, and how many of them something was found in. */
export type DistrictCount = readonly [entries: number, found: number]

const MOST_FIELDS = 200
// All of a province have fewer; more than the nation has would be made up.
const MOST_DISTRICTS = 1000
const DISTRICT_DIGITS = 7
const DAMAGED_NIK = 'nik-excel'
/** A value under a column that is not of the kind that the column has. */
const UNKNOWN_VALUE: ReadonlySet<string> = new Set([
  ...['code-unmapped', 'code-held', 'date-invalid', 'number-invalid', 'value-type', 'value-invalid'],
  ...['nik-letters', 'nik-length', 'kk-letters', 'kk-length'],
])

/** Counts, in memory that does not grow with the file, what only shows in a file as a whole. Parts of a file add up. */
export class FileSigns {
  #entries = 0
  #niks = 0
  #roundedNiks = 0
  #births = 0
  #places = 0
  readonly #serials = new Frequent()
  readonly #birthDates = new Frequent()
  readonly #villages = new Frequent()
  readonly #unknown = new Map<string, number>()
  readonly #districts = new Map<string, DistrictCount>()

  /** Takes an entry as it was cleaned; records are looked at in accepted ones only, since others have none. */
  add({ records, findings }: CleanEntry): void {
    this.#entries += 1
    for (const { fields } of records) {
      const { nomor_induk_kependudukan: nik, tanggal_lahir: birth, kode_kelurahan_desa: village } = fields
      if (typeof nik === 'string') {
        this.#niks += 1
        if (nik.endsWith('0')) this.#roundedNiks += 1
        this.#serials.add(nik.slice(NIK_SERIAL))
      }
      if (typeof birth === 'string') {
        this.#births += 1
        this.#birthDates.add(birth)
      }
      if (typeof village === 'string') {
        this.#places += 1
        this.#villages.add(village)
      }
    }
    const district = districtOf(records)
    if (district !== undefined) countDistrict(this.#districts, district, [1, findings.length > 0 ? 1 : 0])
    const fields = new Set<string>()
    for (const { code, path } of findings) {
      if (UNKNOWN_VALUE.has(code)) fields.add(fieldOf(path))
      // Such a NIK is in no record: a serial of 0000, or an exponent, is what a spreadsheet leaves.
      if (code !== DAMAGED_NIK) continue
      this.#niks += 1
      this.#roundedNiks += 1
    }
    for (const field of fields) countField(this.#unknown, field, 1)
  }

  /** What was counted, in the form that chunks keep. */
  stored(): StoredSigns {
    return {
      entries: this.#entries,
      niks: this.#niks,
      roundedNiks: this.#roundedNiks,
      serials: this.#serials.stored(),
      births: this.#births,
      birthDates: this.#birthDates.stored(),
      places: this.#places,
      villages: this.#villages.stored(),
      unknown: Object.fromEntries(this.#unknown),
      districts: Object.fromEntries(this.#districts),
    }
  }
}

/** What was counted in nothing. */
export const NO_SIGNS: StoredSigns = new FileSigns().stored()

/** The signs of two parts of a file as those of one. */
export function addSigns(one: StoredSigns, other: StoredSigns): StoredSigns {
  const unknown = new Map(Object.entries(one.unknown))
  for (const [field, count] of Object.entries(other.unknown)) countField(unknown, field, count)
  const districts = new Map(Object.entries(one.districts ?? {}))
  for (const [district, counts] of Object.entries(other.districts ?? {})) countDistrict(districts, district, counts)
  return {
    entries: one.entries + other.entries,
    niks: one.niks + other.niks,
    roundedNiks: one.roundedNiks + other.roundedNiks,
    serials: addFrequent(one.serials, other.serials),
    births: one.births + other.births,
    birthDates: addFrequent(one.birthDates, other.birthDates),
    places: one.places + other.places,
    villages: addFrequent(one.villages, other.villages),
    unknown: Object.fromEntries(unknown),
    districts: Object.fromEntries(districts),
  }
}

/** The district of an entry: that of the village its records name, else of the smallest place known around it. */
function districtOf(records: CleanEntry['records']): string | undefined {
  for (const { fields, region } of records) {
    const place = fields.kode_kelurahan_desa ?? region
    if (typeof place === 'string' && place.length >= DISTRICT_DIGITS) return place.slice(0, DISTRICT_DIGITS)
  }
  return undefined
}

function countDistrict(counts: Map<string, DistrictCount>, district: string, [entries, found]: DistrictCount): void {
  const before = counts.get(district)
  if (before === undefined && counts.size >= MOST_DISTRICTS) return
  counts.set(district, [(before?.[0] ?? 0) + entries, (before?.[1] ?? 0) + found])
}

/** A member's name comes from the sender: the number of fields needs a bound. */
function countField(counts: Map<string, number>, field: string, by: number): void {
  const before = counts.get(field)
  if (before !== undefined || counts.size < MOST_FIELDS) counts.set(field, (before ?? 0) + by)
}
