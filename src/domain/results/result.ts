import type { SubjectId } from '../ids.ts'

/** What the register of BPS says of a subject as a whole. */
export const RESULT_STATUSES = ['active', 'dead', 'moved', 'not-found', 'excluded'] as const
export type ResultStatus = (typeof RESULT_STATUSES)[number]

/** What the civil registry (Dukcapil) says of a person's NIK and name. */
export const DUKCAPIL_ANSWERS = ['match', 'mismatch', 'not-found'] as const
type DukcapilAnswer = (typeof DUKCAPIL_ANSWERS)[number]

/** Over which region a decile was ranked. */
export const DECILE_LEVELS = ['national', 'province', 'regency'] as const
export type DecileLevel = (typeof DECILE_LEVELS)[number]

/** A place among ten equal parts of all families, 1 the poorest; `period` is a year and quarter (`2026-Q3`). */
export type Decile = { level: DecileLevel; value: number; version: string; period: string }

/** Membership in an aid programme; dates are ISO and inclusive, `to` is null while it lasts. */
type Membership = { programme: string; from: string; to: string | null }

/** A canonical variable that BPS holds to be otherwise; the value is canonical. */
export type Correction = { field: string; value: string | number; reason: string }

/** What must be mended at home, by the platform that holds the record. */
export type Mending = { field?: string; reason: string }

/** The latest that BPS said of one subject; never older over newer. */
export type SubjectResult = {
  subject: SubjectId
  /** Version of the DTSEN that it comes from, and the ISO date that it holds for. */
  version: string
  asOf: string
  dukcapil: DukcapilAnswer | null
  status: ResultStatus
  /** Code of the reason of a status other than `active`; the catalogue of reasons has the texts. */
  reason: string | null
  deciles: readonly Decile[]
  memberships: readonly Membership[]
  corrections: readonly Correction[]
  mend: readonly Mending[]
}

/** A version of the DTSEN as a pattern: `2026-Q3`, `V3/2026`. */
export const DTSEN_VERSION = '^[A-Za-z0-9][A-Za-z0-9 ._/-]{0,39}$'

/** What the API calls the dataset of a batch of result lines. */
export const RESULT_LINES = 'hasil'

/** The files of the DTSEN that BPS may post as they are; each is a dataset of the registry. */
export const DTSEN_FILES = ['dtsen-keluarga', 'dtsen-anggota'] as const
export type DtsenFile = (typeof DTSEN_FILES)[number]

/** Version and ISO date of a file whose rows do not say them. */
export type ResultHead = { version: string; asOf: string }
