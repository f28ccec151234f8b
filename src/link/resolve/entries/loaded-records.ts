import type { SubjectId } from '../../../domain/ids.ts'
import type { KeptRecord } from '../../compare/features.ts'
import type { KeyRow } from '../../subjects/key-row.ts'
import type { Prepared } from '../../subjects/prepare.ts'
import type { Index, LastSeen, Subject } from '../../subjects/subject.ts'
import type { StoredStates } from './stored-states.ts'

/** How a record stands before the chunk. Of an unchanged one only the content is known. */
export type LoadedRecord = {
  subject: SubjectId | undefined
  content: Index
  receiptOrder: bigint
  batch: string
  line: number
  /** What is stored, opened. */
  record: KeptRecord | undefined
}

/** What is stored of the keys, persons and families that a chunk names. */
export type Loaded = {
  /** Records that are known, by key. */
  records: ReadonlyMap<Index, LoadedRecord>
  /** Where keys with a conflict were last seen. */
  conflicts: ReadonlyMap<Index, LastSeen>
  /** Which family an index leads to. */
  identifiers: ReadonlyMap<Index, SubjectId>
  /** The persons of changed records, and the families that they name. */
  subjects: ReadonlyMap<SubjectId, Subject>
}

/** Puts the rows that were read for the chunk's keys under their keys; the order of the rows does not matter. */
export function loadedRecords(
  entries: readonly Prepared[],
  rows: readonly KeyRow[],
  stored: StoredStates,
): { records: Map<Index, LoadedRecord>; conflicts: Map<Index, LastSeen> } {
  const given = entries.flatMap(({ records }) => records)
  const records = new Map<Index, LoadedRecord>()
  const conflicts = new Map<Index, LastSeen>()
  for (const { at, subject, content, receiptOrder, batch, line, conflictBatch, conflictLine } of rows) {
    const incoming = given[at]
    if (incoming === undefined) continue
    const { key } = incoming
    if (conflictBatch !== null) conflicts.set(key, { batch: conflictBatch, line: conflictLine ?? 0 })
    // A key that stands twice may be unchanged on one line and changed on another: the row that names the subject tells more.
    if (subject === null && records.has(key)) continue
    records.set(key, {
      subject: subject ?? undefined,
      content: content ?? incoming.content,
      receiptOrder: BigInt(receiptOrder ?? 0),
      batch: batch ?? '',
      line: line ?? 0,
      record: stored.get(at)?.record,
    })
  }
  return { records, conflicts }
}
