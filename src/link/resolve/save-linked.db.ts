import type { PoolClient } from 'pg'
import { CHUNK, type ChunkState } from '../../domain/states.ts'
import type { ClaimedChunk } from '../../engine/stage.ts'
import { noteChange } from '../subjects/marks.sql.ts'
import { withdrawSubjects } from '../subjects/removal.sql.ts'
import type { ChunkContent, LinkDeps } from './link-deps.db.ts'
import { type LinkedChunk, planLinked } from './plan-linked.db.ts'
import { changedSubjects, insertChanges, updateChanges } from './save.db.ts'

/** Writes what was linked wholly under the subjects' lock, and delivers what BPS is told. Others take it for having touched anything. */
export async function saveLinked<Composed>(
  tx: PoolClient,
  deps: LinkDeps<Composed>,
  chunk: ClaimedChunk,
  linked: LinkedChunk,
  tools: Pick<ChunkContent, 'index' | 'seal' | 'open'>,
): Promise<{ state: ChunkState; told: ReadonlySet<number> }> {
  const { changes, lines, beside } = await planLinked(tx, deps, chunk, linked, tools)
  if (linked.persons.oversized > 0) deps.noteOversized(linked.persons.oversized)
  // Deletes come first: of blocking rows that are written anew the new ones stay.
  await updateChanges(tx, deps, chunk, changes)
  await insertChanges(tx, chunk, changes)
  await withdrawSubjects(
    tx,
    linked.withdrawn.map(({ subject }) => subject.id),
  )
  await deps.follow(tx, [...new Set([...changedSubjects(changes), ...linked.lost])])
  if (lines.length > 0) await deps.deliver(tx, chunk, deps.compose(chunk, lines, beside))
  await noteChange(tx, null)
  const told = new Set(lines.flatMap(({ entries }) => entries.map(([, line]) => line)))
  return { state: lines.length > 0 ? CHUNK.linked : CHUNK.settled, told }
}
