import type { ReviewChanges } from '../cluster/possible-matches.ts'
import type { BlockingRow, Index, LastSeen, Redirect, Subject } from '../subjects/subject.ts'
import type { IdentifierWrite, SourceMove, SourceWrite } from '../subjects/writes.ts'

/** Blocking keys to be written, to be deleted, and those that stay and tell another NIK. */
export type BlockingChanges = { added: BlockingRow[]; removed: BlockingRow[]; renumbered: BlockingRow[] }

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
