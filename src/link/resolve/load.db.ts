import type { CanonicalRecord } from '../../domain/entry.ts'
import type { SubjectId } from '../../domain/ids.ts'
import type { Db } from '../../io/postgres/postgres.ts'
import { type Indexer, type Named, namesOf, type Prepared } from '../subjects/prepare.ts'
import { type RecordRow, readSources } from '../subjects/source.sql.ts'
import { freshSubject, type Index, resolveSubject, type Source, type Subject } from '../subjects/subject.ts'
import { type KeyRow, lookUpIdentifiers, readSubjects, type SubjectRow } from '../subjects/subjects.sql.ts'
import { emptyWorld, type World } from './working-set.ts'

/** Opens a sealed source record. */
export type Opener = (key: Index, platform: string, sealed: Buffer) => CanonicalRecord

/** Reads from the subjects what the changed entries of a chunk may touch; the families' own records come later. */
export async function loadWorld(
  db: Db,
  entries: readonly Prepared[],
  rows: readonly KeyRow[],
  { platform, index, open }: { platform: string; index: Indexer; open: Opener },
): Promise<World> {
  const world = emptyWorld()
  const keys = entries.flatMap(({ records }) => records.map(({ key, content }) => ({ key, content })))
  const named = namesOfChanged(entries, rows, platform, index)
  const identifiers = await lookUpIdentifiers(db, [...indexesOf(named)])
  const ids = new Set<SubjectId>(identifiers.map(({ subject }) => subject))
  for (const { subject } of rows) if (subject !== null) ids.add(subject)
  for (const row of await readSubjects(db, [...ids])) world.subjects.set(row.id, subjectOf(row))
  for (const { index: at, subject } of identifiers) world.identifiers.set(at, mustHave(world, subject))
  for (const row of rows) {
    const given = keys[row.at]
    if (given === undefined) continue
    if (row.conflictBatch !== null)
      world.keyConflicts.set(given.key, { batch: row.conflictBatch, line: row.conflictLine ?? 0 })
    // A key that stands twice in the chunk may be unchanged on one line and changed on another: the row that names the subject stands.
    if (row.subject === null && world.stored.has(given.key)) continue
    // Of an unchanged record nothing is asked but its content.
    const subject = row.subject === null ? UNTOUCHED : mustHave(world, row.subject)
    world.stored.set(given.key, {
      subject,
      content: row.content ?? given.content,
      receiptOrder: BigInt(row.receiptOrder ?? 0),
      batch: row.batch ?? '',
      line: row.line ?? 0,
    })
  }
  const persons = [...world.subjects.values()].filter(({ level }) => level === 'individu')
  await loadSources(db, world, persons, open)
  return world
}

/** Adds the source records of subjects that are in the database, save those that this chunk has written anew. */
export async function loadSources(db: Db, world: World, subjects: readonly Subject[], open: Opener): Promise<void> {
  const rows = await readSources(
    db,
    subjects.filter(({ isNew }) => !isNew).map(({ id }) => id),
  )
  for (const row of rows) {
    if (world.changes.has(row.key)) continue
    resolveSubject(mustHave(world, row.subject)).sources.set(row.key, sourceOf(row, open))
  }
}

/** A source record as it is stored, opened when it is needed. */
export function sourceOf(row: RecordRow, open: Opener): Source {
  const { key, platform, dataset, content, family, former, sealed } = row
  let record: CanonicalRecord | undefined
  return {
    key,
    platform,
    dataset,
    content,
    family: family ?? undefined,
    former: former ?? undefined,
    open: () => {
      record ??= open(key, platform, sealed)
      return record
    },
  }
}

const UNTOUCHED: Subject = Object.freeze(freshSubject('per_', 'individu'))

function* indexesOf(named: readonly Named[]): Generator<Index> {
  const seen = new Set<Index>()
  for (const { kk, household, head } of named) {
    for (const index of [kk, household, head]) {
      if (index === undefined || seen.has(index)) continue
      seen.add(index)
      yield index
    }
  }
}

function namesOfChanged(
  entries: readonly Prepared[],
  rows: readonly KeyRow[],
  platform: string,
  index: Indexer,
): Named[] {
  const unchanged = new Set<number>()
  for (const { at, subject } of rows) if (subject === null) unchanged.add(at)
  const named: Named[] = []
  let at = 0
  for (const { records } of entries) {
    for (const { record } of records) if (!unchanged.has(at++)) named.push(namesOf(record, platform, index))
  }
  return named
}

/** A subject as it stands in the database, its records not loaded. */
export function subjectOf(row: SubjectRow): Subject {
  const { id, level, version, hash, family, cardCount } = row
  return { ...freshSubject(id, level), version, hash, family: family ?? undefined, cardCount, isNew: false }
}

export function mustHave(world: World, id: SubjectId): Subject {
  const subject = world.subjects.get(id)
  if (subject === undefined) throw new Error(`a record leads to ${id}, which is not there`)
  return subject
}
