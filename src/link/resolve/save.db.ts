import type { PoolClient } from 'pg'
import type { FamilyId, ReviewId } from '../../domain/ids.ts'
import type { ClaimedChunk } from '../../engine/stage.ts'
import type { ReviewChanges } from '../cluster/possible-matches.ts'
import { dropPossibleMatches, openPossibleMatches, weighPossibleMatches } from '../review/review.sql.ts'
import { deleteBlocking, insertBlocking } from '../subjects/blocking.sql.ts'
import type { IncomingRecord } from '../subjects/prepare.ts'
import type { Index, LastSeen, Redirect, Subject } from '../subjects/subject.ts'
import {
  countChange,
  endSubjects,
  type IdentifierWrite,
  insertIdentifiers,
  insertSources,
  insertSubjects,
  moveSources,
  redirectSubjects,
  type SourceMove,
  type SourceWrite,
  saveLastSeen,
  updateSources,
  updateSubjects,
} from '../subjects/subjects-write.sql.ts'
import type { BlockingChanges } from './candidates/blocking-changes.db.ts'
import type { RecordChange } from './entries/decide.ts'
import type { FamilyIds } from './families/family-ids.ts'
import type { LinkedSubject } from './linked-subject.ts'

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

/** Writes what linking a chunk changed: a handful of set statements, whatever the number of records. */
export async function saveChanges(
  tx: PoolClient,
  chunk: ClaimedChunk,
  changes: ChunkChanges,
  { newReview, model }: { newReview: () => ReviewId; model: string },
): Promise<void> {
  if (isNothing(changes)) return
  const { subjects, redirects, ended, added, changed, moves, identifiers, lastSeen, blocking, reviews } = changes
  await countChange(tx)
  await redirectSubjects(tx, redirects)
  await endSubjects(tx, ended)
  const [fresh, known] = [subjects.filter(({ isNew }) => isNew), subjects.filter(({ isNew }) => !isNew)]
  await insertSubjects(tx, fresh)
  await updateSubjects(tx, known)
  await insertSources(tx, chunk, added)
  await updateSources(tx, chunk, changed)
  await moveSources(tx, moves)
  await insertIdentifiers(tx, identifiers)
  await saveLastSeen(tx, lastSeen)
  await deleteBlocking(tx, blocking.removed)
  await insertBlocking(tx, blocking.added)
  await dropPossibleMatches(tx, reviews.dropped)
  await weighPossibleMatches(tx, reviews.weighed, model)
  const opened = reviews.opened.map((possible) => ({ ...possible, id: newReview() }))
  await openPossibleMatches(tx, opened, model)
}

/** The source records to be written, each with the subject that it belongs to by now. */
export function sourceWrites(
  changes: ReadonlyMap<Index, RecordChange>,
  { persons, families }: { persons: readonly LinkedSubject[]; families: FamilyIds },
  seal: (incoming: IncomingRecord) => Buffer,
): { added: SourceWrite[]; changed: SourceWrite[] } {
  const personOf = new Map(
    persons.flatMap(({ subject, sources }) => sources.map(({ key }) => [key, subject.id] as const)),
  )
  const added: SourceWrite[] = []
  const changed: SourceWrite[] = []
  for (const [key, { incoming, isNew, subject, source }] of changes) {
    ;(isNew ? added : changed).push({
      key,
      subject: personOf.get(key) ?? families.now(subject.id as FamilyId),
      family: source.family ?? null,
      line: incoming.line,
      content: incoming.content,
      sealed: seal(incoming),
    })
  }
  return { added, changed }
}

function isNothing({ subjects, redirects, added, changed, moves, lastSeen, blocking, reviews }: ChunkChanges): boolean {
  const lists = [subjects, redirects, added, changed, moves, blocking.added, blocking.removed]
  const { opened, dropped, weighed } = reviews
  return lastSeen.size === 0 && [...lists, opened, dropped, weighed].every(({ length }) => length === 0)
}
