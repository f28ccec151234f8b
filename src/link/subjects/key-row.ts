import type { SubjectId } from '../../domain/ids.ts'
import type { Index } from './subject.ts'

/** How a known key stands; of an unchanged record nothing more is said. */
export type KeyRow = {
  at: number
  subject: SubjectId | null
  content: Index | null
  receiptOrder: string | null
  batch: string | null
  line: number | null
  /** The stored record. */
  sealed: Buffer | null
  conflictBatch: string | null
  conflictLine: number | null
}
