import type { CleanEntry, Json, Level, RawEntry } from './entry.ts'
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

/** The keys of an entry; null where it has none. */
export type MadeKeys = { entry: string | null; records: { level: Level; key: string }[] }

/** A source layout and its mapping, compiled: one version of a dataset folder. */
export type Dataset = {
  name: string
  version: string
  format: SourceFormat
  /** Validates and harmonizes one entry. Pure; bad data is a verdict, never an exception. */
  clean(entry: RawEntry, platform: Platform, others?: OtherFiles): CleanEntry
  /** The datasets whose files its records look values up in; none of most. */
  lookups: readonly Lookup[]
  /** The source record of an entry as its mapping reads it, columns by name; undefined where it cannot be read. */
  recordOf(entry: RawEntry): Json | undefined
  /** The keys that these columns make, of the entry and of each record, however they are made: as they are, joined, hashed, derived. */
  keysOf(record: Json): MadeKeys
}

/** How the records of a dataset find their row in the file of another one that is sent along. */
export type Lookup = {
  name: string
  /** Name of the other dataset. */
  dataset: string
  /** The columns of its rows that are read. */
  columns: readonly string[]
  /** The text by which a record of one's own is looked up; '' where it has none. */
  ownKey(record: Json): string
  /** The text by which a row of the other dataset is found; '' where it has none. */
  otherKey(row: Json): string
}

/** A row that was found; `differing` where several rows have the key and do not say the same. */
export type FoundRow = { row: Json } | 'differing' | undefined

/** The rows of the files that were sent along, by lookup and key. It answers at once: whoever cleans has them at hand. */
export type OtherFiles = {
  /** Whether a file for a lookup was sent along. */
  has(lookup: string): boolean
  find(lookup: string, key: string): FoundRow
}
