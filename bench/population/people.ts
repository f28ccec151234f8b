/** A calendar day; as a birth date of a source it may be none. */
export type Day = { year: number; month: number; day: number }

/** A village in both code schemes, BPS and Kemendagri with dots, and the names that stand beside them. */
export type Village = { bps: string; kemendagri: string; name: string; district: string; regency: string }

/** Traits that make a person hard to tell from another, by the names of the sample's truth. */
type Trait = 'twin' | 'same_name_parent' | 'common_name_dob' | 'near_name_sibling'

/** A true person; codes of relation and marital status are those of Regsosek r409 and r408. */
export type Person = {
  id: string
  name: string
  female: boolean
  birth: Day
  nik: string
  relation: number
  marital: number
  birthPlace: string
  mother: string
  work: string
  /** Education completed, 1 to 10 of list E. */
  school: number
  hasDied: boolean
  traits: Trait[]
  /** What of the NIK is not what the person is. */
  nikDiffers?: 'date' | 'sex'
}

/** A true family and its dwelling; `house` holds codes of the Regsosek form. */
export type Family = {
  id: string
  region: string
  kk: string
  village: Village
  /** Street and number, or hamlet. */
  address: string
  hamlet: string
  rt: number
  rw: number
  decile: number
  area: number
  house: { floor: number; wall: number; roof: number; water: number; power: number; fuel: number; toilet: number }
  position: { lat: number; lng: number }
  members: Person[]
}

/** What a population is made of: its size and how hard it is. */
export type Recipe = {
  seed: number
  persons: number
  /** Multiplies all error rates; 1 are those of the sample. */
  dirt: number
  /** Share of families with an additional hard case: twins, father and son of one name, a name and birth date somebody else has. */
  clash: number
  /** Names, birth dates and namesakes as a nation has them, where the sample's few thousand people have more names. */
  nation?: boolean
  /** What the order of the files is drawn by, instead of the seed. */
  order?: number
}

/** The day of the truth: ages are those of this day. */
export const TODAY: Day = { year: 2025, month: 7, day: 1 }

/** Completed years on a day. */
export function ageOn(birth: Day, on: Day = TODAY): number {
  const isBefore = on.month < birth.month || (on.month === birth.month && on.day < birth.day)
  return on.year - birth.year - (isBefore ? 1 : 0)
}

/** A number with leading zeros. */
export function digits(n: number, width: number): string {
  return String(n).padStart(width, '0')
}
