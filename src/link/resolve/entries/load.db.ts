import type { SubjectId } from '../../../domain/ids.ts'
import type { Db } from '../../../io/postgres/postgres.ts'
import type { KeyRow } from '../../subjects/key-row.ts'
import type { Indexer, NamedIndexes, Prepared } from '../../subjects/prepare.ts'
import type { Index } from '../../subjects/subject.ts'
import { lookUpIdentifiers, readSubjectsById } from '../../subjects/subjects.sql.ts'
import { type Footprint, nameOfLine } from '../ahead/footprint.ts'
import type { Loaded } from './loaded-records.ts'
import { loadedRecords } from './loaded-records.ts'
import type { KeyedEntries } from './reused-keys.db.ts'

/** Reads what the changed entries of a chunk may touch; `rows` say how its keys stand. */
export async function load(
  db: Db,
  { entries, rows, stored }: KeyedEntries,
  { platform, index, seen }: { platform: string; index: Indexer; seen: Footprint },
): Promise<Loaded> {
  const named = namesOfChanged(entries, rows, platform, index)
  const identifiers = await lookUpIdentifiers(db, [...indexesOf(named)])
  seen.note(() => named.map(({ line, ...names }) => [nameOfLine(line), ...Object.values(names)]))
  seen.note(() => identifiers.map(({ index: name, subject }) => [name, subject]))
  const ids = new Set<SubjectId>(identifiers.map(({ subject }) => subject))
  for (const { subject } of rows) if (subject !== null) ids.add(subject)
  const subjects = new Map((await readSubjectsById(db, [...ids])).map((subject) => [subject.id, subject]))
  return {
    ...loadedRecords(entries, rows, stored),
    identifiers: new Map(identifiers.map((identifier) => [identifier.index, identifier.subject])),
    subjects,
  }
}

export function* indexesOf(named: readonly NamedIndexes[]): Generator<Index> {
  const seen = new Set<Index>()
  for (const { kk, household, head } of named) {
    for (const index of [kk, household, head]) {
      if (index === undefined || seen.has(index)) continue
      seen.add(index)
      yield index
    }
  }
}

/** How the records that are new or changed name their families, each with the line of its entry. */
export function namesOfChanged(
  entries: readonly Prepared[],
  rows: readonly KeyRow[],
  platform: string,
  index: Indexer,
): (NamedIndexes & { line: number })[] {
  const unchanged = new Set<number>()
  for (const { at, subject } of rows) if (subject === null) unchanged.add(at)
  const named: (NamedIndexes & { line: number })[] = []
  let at = 0
  for (const { line, records } of entries) {
    for (const incoming of records) {
      if (!unchanged.has(at++)) named.push({ ...incoming.named(platform, index), line })
    }
  }
  return named
}
