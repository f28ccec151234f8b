import type { PoolClient } from 'pg'
import type { FamilyId, SubjectId } from '../../domain/ids.ts'
import type { Counts } from '../../domain/states.ts'
import { insertEntries, saveCounts } from '../../engine/chunks/ledger.sql.ts'
import type { ClaimedChunk } from '../../engine/stage.ts'
import { dropPossibleMatches, openPossibleMatches, weighPossibleMatches } from '../review/review.sql.ts'
import { deleteBlocking, insertBlocking, renumberBlocking } from '../subjects/blocking.sql.ts'
import type { IncomingRecord } from '../subjects/prepare.ts'
import type { Index } from '../subjects/subject.ts'
import {
  endSubjects,
  insertIdentifiers,
  insertSources,
  insertSubjects,
  moveSources,
  redirectSubjects,
  saveLastSeen,
  updateSources,
  updateSubjects,
} from '../subjects/subjects-write.sql.ts'
import type { SourceWrite } from '../subjects/writes.ts'
import type { ChunkChanges } from './chunk-changes.ts'
import type { EntryDecision, RecordChange } from './entries/decide.ts'
import type { FamilyIds } from './families/family-ids.ts'
import type { LinkDeps } from './link-deps.db.ts'
import type { LinkedSubject } from './linked-subject.ts'

/** Inserts the rows that nobody else can insert while the chunk holds its claims: nobody waits for them, and nobody sees them before the commit. */
export async function insertChanges(
  tx: PoolClient,
  chunk: ClaimedChunk,
  { subjects, added, identifiers, blocking }: Pick<ChunkChanges, 'subjects' | 'added' | 'identifiers' | 'blocking'>,
): Promise<void> {
  await insertSubjects(
    tx,
    subjects.filter(({ isNew }) => isNew),
  )
  await insertSources(tx, chunk, added)
  await insertIdentifiers(tx, identifiers)
  await insertBlocking(tx, blocking.added)
}

/** Writes the rows that others may want to write, too: only under the subjects' lock. */
export async function updateChanges<Composed>(
  tx: PoolClient,
  { newReview, scoringModel: { version: model } }: LinkDeps<Composed>,
  chunk: ClaimedChunk,
  { subjects, redirects, ended, changed, moves, lastSeen, blocking, reviews }: ChunkChanges,
): Promise<void> {
  await redirectSubjects(tx, redirects)
  await endSubjects(tx, ended)
  await updateSubjects(
    tx,
    subjects.filter(({ isNew }) => !isNew),
  )
  await updateSources(tx, chunk, changed)
  await moveSources(tx, moves)
  await saveLastSeen(tx, lastSeen)
  await deleteBlocking(tx, blocking.removed)
  await renumberBlocking(tx, blocking.renumbered)
  await dropPossibleMatches(tx, reviews.dropped)
  await weighPossibleMatches(tx, reviews.weighed, model)
  const opened = reviews.opened.map((possible) => ({ ...possible, id: newReview() }))
  await openPossibleMatches(tx, opened, model)
}

export async function saveEntries(
  tx: PoolClient,
  chunk: ClaimedChunk,
  decisions: readonly EntryDecision[],
): Promise<void> {
  await insertEntries(tx, chunk.batch, chunk.id, decisions)
  await saveCounts(tx, chunk.id, countOutcomes(decisions))
}

export function countOutcomes(decisions: readonly EntryDecision[]): Counts {
  const counts: Counts = { new: 0, updated: 0, unchanged: 0, rejected: 0, held: 0 }
  for (const { outcome } of decisions) counts[outcome] += 1
  return counts
}

/** The subjects that have other records than before, or others of them. Of one that is new nobody can have heard. */
export function changedSubjects({ subjects, redirects, added, changed, moves }: ChunkChanges): SubjectId[] {
  const isNew = new Set(subjects.flatMap((subject) => (subject.isNew ? [subject.id] : [])))
  const ids = [...subjects.map(({ id }) => id), ...redirects.map(({ into }) => into)]
  for (const sources of [added, changed, moves]) ids.push(...sources.map(({ subject }) => subject))
  return ids.filter((id) => !isNew.has(id))
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

export function sealNothing(): never {
  throw new Error('no record is brought')
}
