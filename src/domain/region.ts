/** The levels of a region below the nation, the widest first. */
const REGION_LEVELS = ['provinsi', 'kabupaten_kota', 'kecamatan', 'kelurahan_desa'] as const
export type RegionLevel = (typeof REGION_LEVELS)[number]

/** The eight canonical variables of a family's region: of each level its BPS code and its name. */
export type RegionField = RegionLevel | `kode_${RegionLevel}`
export const REGION_FIELDS: readonly RegionField[] = REGION_LEVELS.flatMap((level) => [`kode_${level}` as const, level])

/** Whether a canonical variable of a family is one that its region fills. */
export function isRegionField(name: string): name is RegionField {
  return (REGION_FIELDS as readonly string[]).includes(name)
}

/** Where somebody lives: the codes of the smallest known place, in both schemes. A village has 10 digits, a regency 4. */
export type Region = {
  bps: string
  /** Dotted; null where the bridge between the schemes gives none, or several. */
  kemendagri: string | null
  /** The person's own records do not say it; it is the one of the family. */
  from?: 'family'
}
