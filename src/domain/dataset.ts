import type { CleanEntry, RawEntry } from './entry.ts'
import type { Platform } from './platform.ts'

/** How the bytes of a dataset's files are cut into entries. */
export type SourceFormat =
  | { kind: 'ndjson' }
  | {
      kind: 'csv'
      delimiter: string
      /** Column names of the header, in order; a file whose header differs is refused as a whole. */
      columns: string[]
      /** Accepted encodings: `utf-8` (with or without BOM), `windows-1252` (only without BOM). */
      encodings: ('utf-8' | 'windows-1252')[]
      /** The decimal sign of columns whose numbers are read with another than the point. */
      decimals?: Readonly<Record<string, string>>
    }

/** A source layout and its mapping, compiled: one version of a dataset folder. */
export type Dataset = {
  name: string
  version: string
  format: SourceFormat
  /** Validates and harmonizes one entry. Pure; bad data is a verdict, never an exception. */
  clean(entry: RawEntry, platform: Platform): CleanEntry
}
