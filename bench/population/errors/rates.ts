import type { Dice } from '../dice.ts'

/** Shares of rows with each kind of error, as the sample's truth counts them over its lists of persons. */
const RATES = {
  nik_excel_sci: 0.0045,
  nik_excel_zeroed: 0.0055,
  nik_dot_zero: 0.0035,
  nik_apostrophe: 0.0035,
  nik_15_digits: 0.004,
  nik_17_digits: 0.0027,
  nik_letters: 0.003,
  nik_transposed: 0.0065,
  nik_of_member: 0.006,
  nik_temporary: 0.004,
  name_abbrev: 0.068,
  name_old_spelling: 0.011,
  name_variant: 0.048,
  name_title: 0.0185,
  name_order: 0.009,
  name_typo: 0.033,
  name_truncated: 0.01,
  name_missing: 0.0025,
  dob_swapped: 0.014,
  dob_year_off: 0.019,
  dob_default: 0.0115,
  dob_invalid: 0.0025,
  dob_missing: 0.0045,
  sex_unknown: 0.0018,
  village_unknown: 0.0025,
  village_wrong_scheme: 0.003,
  village_missing: 0.0025,
  value_drift: 0.027,
  value_missing: 0.013,
  code_unknown: 0.008,
  key_missing: 0.0005,
  bom_inside: 0.002,
  nul_char: 0.002,
  rtl_override: 0.001,
  newline_in_field: 0.004,
  formula_injection: 0.0022,
  overlong_name: 0.0006,
  dup_exact: 0.006,
  dup_new_key: 0.0165,
  csv_ragged_short: 0.0015,
  csv_ragged_long: 0.0015,
  json_broken: 0.0015,
  json_duplicate_key: 0.0007,
  json_proto_key: 0.0025,
} as const

/** What a source does otherwise: the share of rows without NIK, of families at an earlier village, and how careful it is. */
const SOURCES = {
  carik: { nik_missing: 0.016, village_moved: 0.011, factor: 0.42 },
  smart_kampung: { nik_missing: 0.012, village_moved: 0.006, factor: 0.85 },
  sumedang: { nik_missing: 0.061, village_moved: 0.033, factor: 1.05 },
  jembrana: { nik_missing: 0.0435, village_moved: 0.014, factor: 1 },
  dtks: { nik_missing: 0.1, village_moved: 0.04, factor: 1.15 },
  p3ke: { nik_missing: 0.042, village_moved: 0.024, factor: 1 },
} as const
const MOST = 0.5

export type SourceName = keyof typeof SOURCES
export type ErrorKind = keyof typeof RATES | 'nik_missing' | 'village_moved'

/** Throws for an error in a source. */
export type Strike = (kind: ErrorKind) => boolean

/** How often errors strike in a source, at a multiple of the sample's rates; never more than every second row. */
export function strikerOf(source: SourceName, dirt: number, dice: Dice): Strike {
  const { factor, ...own } = SOURCES[source]
  return (kind) => {
    const rate = kind in own ? own[kind as keyof typeof own] : RATES[kind as keyof typeof RATES] * factor
    return dice.happens(Math.min(MOST, rate * dirt))
  }
}
