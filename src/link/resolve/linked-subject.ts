import type { SubjectId } from '../../domain/ids.ts'
import type { SourceRecord } from '../subjects/source-record.ts'
import type { Subject } from '../subjects/subject.ts'

/** A subject after linking: what it is made of by now, and which entries changed it. */
export type LinkedSubject = {
  /** As it is stored, or new; cards that this chunk adds are counted. */
  subject: Subject
  sources: readonly SourceRecord[]
  /** Lines of the entries of this chunk that changed it; BPS is told of it if there are any. */
  lines: ReadonlySet<number>
  /** It is told only if its line says something else than last time; the lines stand behind what became of its possible matches. */
  isToldIfOther?: boolean
  /** The person that it left, of one that is new or lives again: records of it were the other's until now. */
  left?: SubjectId
  /** Match weight of the weakest link that holds its records together; absent of a single record, and of a family. */
  weakest?: number
  /** Of a family without a record: the No. KK by which its members name it, as far as they are stored. */
  card?: string
  /** One of its records is in a possible match that nobody has decided yet. */
  isInReview?: boolean
  /** Its row has to be written, whatever its golden record says. */
  isChanged: boolean
}
