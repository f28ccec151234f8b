import type { CleanEntry, RawEntry } from '../domain/entry.ts'
import type { ChunkName } from './chunks/sealed-chunk.ts'
import type { StoredSigns } from './signs/file-signs.ts'

/**
 * Which rules entries are cleaned by: a dataset version as `name@version`, the platform that sent them, and the name of the
 * agreement that the batch is bound to.
 */
export type CleaningRules = { dataset: string; platform: string; agreement: string }

/** A chunk's source records, sealed. */
export type SealedChunk = ChunkName & { raw: Uint8Array }

/** The cleaned entries, sealed; the findings (`encodeReport`), how often each code occurs, and the signs of the whole file. */
export type CleanedChunk = {
  cleaned: Uint8Array
  report: Uint8Array
  counts: Record<string, number>
  signs: StoredSigns
}

/** Which rows a file looks up: those of the other files of its submission, as a dataset version (`name@version`) reads them. */
export type LookupPlace = { submission: string; reader: string }

/** A row under its key, as it is kept: blind indexes in hexadecimal, and the columns that are read, sealed; null where rows differ. */
export type KeptRow = { key: string; content: string; sealed: Uint8Array | null }

/** What the other files of a submission have for the records of a chunk: the lookups that have a file, and the rows. */
export type FoundRows = { place: LookupPlace; lookups: readonly string[]; rows: readonly Omit<KeptRow, 'content'>[] }

/** A chunk of another file, whose rows are to be kept for a place, without those of some lines. */
export type SourceChunk = SealedChunk & { dataset: string; without: readonly number[] }

/** What was read of a chunk; `stuck` names the line of the entry that ran out of time or memory, or that threw. */
type Reading<T> = { is: 'read'; value: T } | { is: 'stuck'; line: number }

/** Cleans entries where a hostile one can be stopped: in a thread, with a deadline and a bound on memory. */
export type Cleaner = {
  /**
   * Cleans a chunk, with the rows that its records look up in other files where there are any; `stuck` names the line of the entry
   * that ran out of time or memory, or that threw.
   */
  cleanChunk(
    rules: CleaningRules,
    chunk: SealedChunk,
    found?: FoundRows,
  ): Promise<{ is: 'cleaned'; chunk: CleanedChunk } | { is: 'stuck'; line: number }>
  /** The blind indexes (hexadecimal) of the keys by which the records of a chunk look rows up, each once. */
  keysOf(place: LookupPlace, chunk: SealedChunk): Promise<Reading<string[]>>
  /** The rows of a chunk of another file, by their keys in ascending order, each key once. */
  rowsOf(place: LookupPlace, chunk: SourceChunk): Promise<Reading<KeptRow[]>>
  /** Cleans entries for a report; one that gets stuck is held with the finding `entry-poison`, the others go on. */
  cleanEntries(rules: CleaningRules, entries: readonly RawEntry[]): Promise<CleanEntry[]>
  /** Resolves when the thread has answered, after what was asked of it before. */
  answers(): Promise<void>
}
