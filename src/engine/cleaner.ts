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

/** Cleans entries where a hostile one can be stopped: in a thread, with a deadline and a bound on memory. */
export type Cleaner = {
  /** Cleans a chunk; `stuck` names the line of the entry that ran out of time or memory, or that threw. */
  cleanChunk(
    rules: CleaningRules,
    chunk: SealedChunk,
  ): Promise<{ is: 'cleaned'; chunk: CleanedChunk } | { is: 'stuck'; line: number }>
  /** Cleans entries for a report; one that gets stuck is held with the finding `entry-poison`, the others go on. */
  cleanEntries(rules: CleaningRules, entries: readonly RawEntry[]): Promise<CleanEntry[]>
}
