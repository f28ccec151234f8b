import type { PoolClient } from 'pg'
import type { ClaimedChunk } from '../io/stage.ts'
import type { Incoming } from './prepare.ts'
import { standing } from './subject.ts'
import { familyNow, type World } from './world.ts'
import {
  countChange,
  deleteIdentifiers,
  insertIdentifiers,
  insertSources,
  insertSubjects,
  redirectSubjects,
  type SourceWrite,
  type SubjectWrite,
  saveSightings,
  updateSources,
  updateSubjects,
} from './write.sql.ts'

/** Writes what linking a chunk changed: a handful of set statements, whatever the number of records. */
export async function writeWorld(
  tx: PoolClient,
  world: World,
  chunk: ClaimedChunk,
  seal: (incoming: Incoming) => Buffer,
): Promise<void> {
  if (world.changes.size === 0 && world.sightings.size === 0) return
  await countChange(tx)
  await redirectSubjects(
    tx,
    world.united.map((loser) => ({ from: loser.id, into: standing(loser).id })),
  )
  const { fresh, dirty } = subjectsOf(world)
  await insertSubjects(tx, fresh)
  await updateSubjects(tx, dirty)
  const { added, changed } = sourcesOf(world, seal)
  await insertSources(tx, chunk, added)
  await updateSources(tx, chunk, changed)
  await deleteIdentifiers(tx, [...world.removed])
  await insertIdentifiers(tx, identifiersOf(world))
  await saveSightings(tx, world.sightings)
}

function subjectsOf(world: World): { fresh: SubjectWrite[]; dirty: SubjectWrite[] } {
  const fresh: SubjectWrite[] = []
  const dirty: SubjectWrite[] = []
  for (const { id, level, version, hash, family, anchors, isNew, isDirty, into } of world.subjects.values()) {
    if (into !== undefined || !(isNew || isDirty)) continue
    ;(isNew ? fresh : dirty).push({ id, level, version, hash, family: family ?? null, anchors })
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
      subject: standing(subject).id,
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
    if (subject !== undefined) identifiers.push({ index, kind, subject: standing(subject).id })
  }
  return identifiers
}
