import type { ChunkId, SubjectId } from '../../domain/ids.ts'
import type { BatchKind, ChunkState, Outcome } from '../../domain/states.ts'

/** A time that a record came: its entry, and what became of it. */
export type CameRow = {
  batch: string
  line: number
  platform: string
  dataset: string
  kind: BatchKind
  chunk: ChunkId
  outcome: Outcome
  correctedBy: string | null
  state: ChunkState
  receivedAt: Date
}

/** A subject that records of an entry belong to, and the last that BPS said of it: never a value of a person. */
export type EntrySubject = {
  id: SubjectId
  level: string
  version: number
  mergedInto: string | null
  family: string | null
  result: { status: string; version: string; asOf: string; reason: string | null; appliedAt: string } | null
}

/** A source record of a subject, by the entry it came in. */
export type SubjectSource = { platform: string; dataset: string; batch: string; line: number; former: string | null }
