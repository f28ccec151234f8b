import type { CleanEntry, CleanedEntry } from '../../domain/entry.ts'
import type { Index } from '../subjects/subject.ts'

/** Entries that name stored records by the indexes of their keys, to be judged again. */
export function entriesOfRecords(keys: readonly Index[], firstLine: number): CleanEntry[] {
  return keys.map((key, at) => ({ line: firstLine + at, key, verdict: 'accepted', findings: [], records: [] }))
}

/** The reverse of `entriesOfRecords`: which record stands on which line. */
export function linesOfRecords(entries: readonly CleanedEntry[]): Map<Index, number> {
  return new Map(entries.flatMap(({ key, line }) => (key === null ? [] : [[key, line]])))
}
