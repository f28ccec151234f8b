import type { SubjectId } from '../../domain/ids.ts'
import type { IdentifierKind, Index } from './subject.ts'

/** A source record to be written. */
export type SourceWrite = {
  key: Index
  subject: SubjectId
  family: string | null
  line: number
  content: Index
  sealed: Buffer
}
/** A record that goes to another subject as it is. */
export type SourceMove = { key: Index; subject: SubjectId }
export type IdentifierWrite = { index: Index; kind: IdentifierKind; subject: SubjectId }
