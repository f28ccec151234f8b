import type { Json } from './entry.ts'
import type { BatchId, FamilyId, PersonId, SubjectId } from './ids.ts'
import type { Region } from './region.ts'
import type { Register } from './register.ts'
import type { WithdrawalReason } from './withdrawal.ts'

/** Which source record a part of a golden record came from. */
export type Origin = {
  platform: string
  dataset: string
  /** Reference date of the values, ISO; absent when the source does not say. */
  asOf?: string
  /** Canonical variables taken from this source, sorted; `*` when every one was. */
  fields: '*' | string[]
}

/** What has to be known about the value of a field; of a field without a value, why there is none. */
export type FieldFlags = {
  /** The value was chosen or derived from others, not stated. */
  inferred?: true
  /** Codes of what was found in the values that it was taken from. */
  findings?: string[]
}

/** The golden record of a subject: a pure function of its source records, so it is never stored, only its hash. */
export type Golden = {
  record: Record<string, string | number>
  /** Source values without a canonical home, under `dataset` and their own names. */
  extensions?: Record<string, Record<string, Json>>
  origin: Origin[]
  /** By canonical field (and `region`), where there is anything to say. */
  flags?: Record<string, FieldFlags>
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

/** How sure it is that the line is about one subject, and by whom it is known. */
type Standing = {
  /** The registers whose records it was made of, in the order of their catalogue. */
  registers: Register[]
  /** Probability of the weakest link that holds the records together, 1 where a steward said so; null of a single record. */
  confidence: number | null
  /** Whether a steward is asked if the person is one with another. */
  review: boolean
}

type FamilyOf = { level: 'keluarga'; subject: FamilyId }
type PersonOf = { level: 'individu'; subject: PersonId }

/** What Titian now holds of one subject. Of all lines it alone has no `kind`, as deliveries before there were kinds. */
export type GoldenLine = Line &
  Golden &
  Living &
  Partial<Standing> & { kind?: never } & (FamilyOf | (PersonOf & { family?: FamilyId }))

/** A family that persons name and of which no record came yet, or is left: its id, and the No. KK where one is known. */
export type StubLine = Line & Living & FamilyOf & { kind: 'stub'; record: { nomor_kartu_keluarga?: string } }

/** The end of an id: its subject lives on as another. */
export type MergedLine = Line & { kind: 'merged'; into: SubjectId } & (FamilyOf | PersonOf)

/** A subject that no source record is left of: what was told of it before holds no more. */
export type WithdrawnLine = Line & { kind: 'withdrawn'; reason: WithdrawalReason } & (FamilyOf | PersonOf)

/**
 * A person whose data is restricted (UU PDP 27/2022, article 41): what was told before is kept and not used until a line of a higher
 * version tells a golden record again. It says nothing of the person.
 */
export type RestrictedLine = Line & Pick<Living, 'merged'> & PersonOf & { kind: 'restricted' }

/** One line of a delivery; each subject has at most one. */
export type DeliveryLine = GoldenLine | StubLine | MergedLine | WithdrawnLine | RestrictedLine
