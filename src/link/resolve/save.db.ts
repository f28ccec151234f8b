import type { PoolClient } from 'pg'
import type { ReviewId, SubjectId } from '../../domain/ids.ts'
import type { ClaimedChunk } from '../../engine/stage.ts'
import { dropPossibleMatches, openPossibleMatches, weighPossibleMatches } from '../review/review.sql.ts'
import { deleteBlocking, insertBlocking } from '../subjects/blocking.sql.ts'
import type { Incoming } from '../subjects/prepare.ts'
import { type Index, resolveSubject } from '../subjects/subject.ts'
import {
  countChange,
  insertIdentifiers,
  insertSources,
  insertSubjects,
  moveSources,
  redirectSubjects,
  type SourceWrite,
  type SubjectWrite,
  saveLastSeen,
  updateSources,
  updateSubjects,
} from '../subjects/subjects-write.sql.ts'
import { familyNow, type World } from './working-set.ts'

export type ReviewHead = { newReview: () => ReviewId; model: string }

/** Writes what linking a chunk changed: a handful of set statements, whatever the number of records. */
export async function writeWorld(
  tx: PoolClient,
  world: World,
  chunk: ClaimedChunk,
  seal: (incoming: Incoming) => Buffer,
  reviews: ReviewHead,
): Promise<void> {
  if (isUntouched(world)) return
  await countChange(tx)
  await redirectSubjects(tx, redirectsOf(world))
  const { fresh, dirty } = subjectsOf(world)
  await insertSubjects(tx, fresh)
  await updateSubjects(tx, dirty)
  const { added, changed } = sourcesOf(world, seal)
  await insertSources(tx, chunk, added)
  await updateSources(tx, chunk, changed)
  await moveSources(tx, movesOf(world))
  await insertIdentifiers(tx, identifiersOf(world))
  await saveLastSeen(tx, world.lastSeen)
  await deleteBlocking(tx, world.blocking.removed)
  await insertBlocking(tx, world.blocking.added)
  await saveReviews(tx, world, reviews)
}

function isUntouched({ changes, lastSeen, united, moves, reviews, blocking }: World): boolean {
  const lists = [united, reviews.opened, reviews.dropped, reviews.weighed, blocking.added, blocking.removed]
  return changes.size + lastSeen.size + moves.size === 0 && lists.every(({ length }) => length === 0)
}

async function saveReviews(tx: PoolClient, { reviews }: World, { newReview, model }: ReviewHead): Promise<void> {
  await dropPossibleMatches(tx, reviews.dropped)
  await weighPossibleMatches(tx, reviews.weighed, model)
  const opened = reviews.opened.map((possible) => ({ ...possible, id: newReview() }))
  await openPossibleMatches(tx, opened, model)
}

function redirectsOf(world: World): { from: SubjectId; into: SubjectId }[] {
  const united = world.united.map((loser) => ({ from: loser.id, into: resolveSubject(loser).id }))
  return [...united, ...world.redirects.map(({ from, into }) => ({ from, into: resolveSubject(into).id }))]
}

function movesOf(world: World): { key: Index; subject: SubjectId }[] {
  return [...world.moves].map(([key, subject]) => ({ key, subject: resolveSubject(subject).id }))
}

function subjectsOf(world: World): { fresh: SubjectWrite[]; dirty: SubjectWrite[] } {
  const fresh: SubjectWrite[] = []
  const dirty: SubjectWrite[] = []
  for (const { id, level, version, hash, family, cardCount, isNew, isDirty, into } of world.subjects.values()) {
    if (into !== undefined || !(isNew || isDirty)) continue
    ;(isNew ? fresh : dirty).push({ id, level, version, hash, family: family ?? null, cardCount })
  }
  return { fresh, dirty }
}

function sourcesOf(
  world: World,
  seal: (incoming: Incoming) => Buffer,
): { added: SourceWrite[]; changed: SourceWrite[] } {
  const added: SourceWrite[] = []
  const changed: SourceWrite[] = []
  for (const [key, { incoming, isNew, subject, family }] of world.changes) {
    ;(isNew ? added : changed).push({
      key,
      subject: resolveSubject(subject).id,
      family: family === undefined ? null : familyNow(world, family),
      line: incoming.line,
      content: incoming.content,
      sealed: seal(incoming),
    })
  }
  return { added, changed }
}

function identifiersOf(world: World) {
  const identifiers = []
  for (const [index, kind] of world.added) {
    const subject = world.identifiers.get(index)
    if (subject !== undefined) identifiers.push({ index, kind, subject: resolveSubject(subject).id })
  }
  return identifiers
}
