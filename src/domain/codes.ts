// Codes that the gateway itself decides by; everything else about a code list is data (registry/canonical/codelists).

/** Canonical codes of `status_hubungan_keluarga` (Regsosek 2022, question 409). A family has one head, and a head one spouse. */
export const HEAD_OF_FAMILY = '1'
export const SPOUSE = '2'
export const CHILD = '3'

/** Canonical codes of `jenis_kelamin`. */
export const MALE = '1'
export const FEMALE = '2'
