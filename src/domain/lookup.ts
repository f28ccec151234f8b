import type { Json } from './entry.ts'

/** How the records of a dataset find their row in the file of another one that is sent along. */
export type Lookup = {
  name: string
  /** Name of the other dataset. */
  dataset: string
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
