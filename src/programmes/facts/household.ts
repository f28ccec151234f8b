import type { FamilyId, SubjectId } from '../../domain/ids.ts'
import type { SubjectResult } from '../../domain/results/result.ts'

/** Where the value of a field comes from: a record of a platform's dataset. */
export type RecordOrigin = { platform: string; dataset: string; asOf: string | null; inferred: boolean }

/** The golden record of a person or family, as this room needs it. */
export type KnownSubject = {
  subject: SubjectId
  level: 'keluarga' | 'individu'
  fields: Readonly<Record<string, string | number>>
  originOf(field: string): RecordOrigin | undefined
  /** The records of it that the asking platform holds, by its own keys. */
  own: readonly { dataset: string; level: 'keluarga' | 'individu'; key: string }[]
}

/** A family with the persons who belong to it. A person without a family is a household alone. */
export type KnownHousehold = {
  id: FamilyId | null
  /** Undefined where only its persons were reported. */
  family: KnownSubject | undefined
  members: readonly KnownSubject[]
  /** BPS code of where it lives, as deep as is known: 2, 4, 7 or 10 digits. */
  place: string | undefined
}

/** A person or family that one platform reported, in its household. Residents of one household share the object. */
export type Resident = { self: KnownSubject; household: KnownHousehold; inReview: boolean; isHeld: boolean }

/** Reads residents of a platform; subjects that it holds no record of any more are left out. */
export type ReadResidents = (platform: string, subjects: readonly SubjectId[]) => Promise<Resident[]>

/** A page of a platform's subjects of one level after one, in their order; `next` is null at the end. */
export type PageSubjects = (
  platform: string,
  level: 'keluarga' | 'individu',
  after: string,
  limit: number,
) => Promise<{ subjects: SubjectId[]; next: string | null }>

/** The latest that BPS said of subjects; those of whom it said nothing are left out. */
export type ReadResults = (subjects: readonly SubjectId[]) => Promise<ReadonlyMap<SubjectId, SubjectResult>>
