import type { Json } from './entry.ts'
import type { BatchId, FamilyId, PersonId, SubjectId } from './ids.ts'
import type { Region } from './region.ts'

/** Which source record a part of a golden record came from. */
export type Origin = {
  platform: string
  dataset: string
  /** Reference date of the values, ISO; absent when the source does not say. */
  asOf?: string
  /** Canonical variables taken from this source, sorted; `*` when every one was. */
  fields: '*' | string[]
}

/** The golden record of a subject: a pure function of its source records, so it is never stored, only its hash. */
export type Golden = {
  record: Record<string, string | number>
  /** Source values without a canonical home, under `dataset` and their own names. */
  extensions?: Record<string, Record<string, Json>>
  origin: Origin[]
}

/** What every line of a delivery has. */
type Line = {
  /** Rises whenever anything of the line changes but `entries`: two lines of one version say the same. */
  version: number
  /** The entries of this delivery that made or confirmed what the line says: batch and line, ascending. */
  entries: [BatchId, number][]
}

type Living = {
  /** Where the subject lives; absent where no record says it, and a finding tells why. */
  region?: Region
  /** Subjects that were found to be this one; they live on under this id. */
  merged?: SubjectId[]
}

type FamilyOf = { level: 'keluarga'; subject: FamilyId }
type PersonOf = { level: 'individu'; subject: PersonId }

/** What Titian now holds of one subject. Of all lines it alone has no `kind`, as deliveries before there were kinds. */
export type GoldenLine = Line & Golden & Living & { kind?: never } & (FamilyOf | (PersonOf & { family?: FamilyId }))

/** A family that persons name and of which no record came yet: its id, and the No. KK where one is known. */
export type StubLine = Line & Living & FamilyOf & { kind: 'stub'; record: { nomor_kartu_keluarga?: string } }

/** The end of an id: its subject lives on as another. */
export type MergedLine = Line & { kind: 'merged'; into: SubjectId } & (FamilyOf | PersonOf)

/** One line of a delivery; each subject has at most one. */
export type DeliveryLine = GoldenLine | StubLine | MergedLine
