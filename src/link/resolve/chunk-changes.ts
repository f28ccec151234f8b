import type { ReviewChanges } from '../cluster/possible-matches.ts'
import type { BlockingKey, Index, LastSeen, Redirect, Subject } from '../subjects/subject.ts'
import type { IdentifierWrite, SourceMove, SourceWrite } from '../subjects/writes.ts'

/** A key that a record is found by. */
type FoundBy = { key: BlockingKey; record: Index }

/** Blocking keys to be written and deleted. */
export type BlockingChanges = { added: FoundBy[]; removed: FoundBy[] }

/** All that linking a chunk changes in the database, but for the ledger of entries and the delivery. */
export type ChunkChanges = {
  /** Subjects that are new or whose row is no longer right. */
  subjects: readonly Subject[]
  /** Subjects that live on as others. */
  redirects: readonly Redirect[]
  /** Of them those that BPS was told of, in the version of the line that says so. */
  ended: readonly Subject[]
  added: readonly SourceWrite[]
  changed: readonly SourceWrite[]
  /** Records that go to another person as they are. */
  moves: readonly SourceMove[]
  identifiers: readonly IdentifierWrite[]
  lastSeen: ReadonlyMap<Index, LastSeen>
  blocking: BlockingChanges
  reviews: ReviewChanges
}
