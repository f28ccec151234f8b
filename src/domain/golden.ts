import type { Json } from './entry.ts'
import type { BatchId, FamilyId, PersonId, SubjectId } from './ids.ts'
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

/** The golden record of a subject: a pure function of its source records, so it is never stored, only its hash. */
export type Golden = {
  record: Record<string, string | number>
  /** Source values without a canonical home, under `dataset` and their own names. */
  extensions?: Record<string, Record<string, Json>>
  origin: Origin[]
}

type Line = Golden & {
  /** Rises whenever anything of the line changes but `entries`: two lines of one version say the same. */
  version: number
  /** The entries of this delivery that made or confirmed the subject: batch and line, ascending. */
  entries: [BatchId, number][]
  /** Subjects that were found to be this one; they live on under this id. */
  merged?: SubjectId[]
}

/** What Titian now holds of one subject. */
export type GoldenLine =
  | (Line & { level: 'keluarga'; subject: FamilyId })
  | (Line & { level: 'individu'; subject: PersonId; family?: FamilyId })

/** A subject that no source record is left of: what was told of it before holds no more. */
export type WithdrawnLine = {
  kind: 'withdrawn'
  subject: SubjectId
  level: 'keluarga' | 'individu'
  version: number
  entries: [BatchId, number][]
  reason: WithdrawalReason
}

/** One line of a delivery. */
export type DeliveryLine = GoldenLine | WithdrawnLine
