import type { Finding } from './finding.ts'

/** How to read the text of an entry: `object` is a JSON object, `cells` a CSV row as a JSON array of texts, `refused` below. */
export const ENTRY_FORMS = ['object', 'cells', 'refused'] as const
export type EntryForm = (typeof ENTRY_FORMS)[number]

/** What reading may warn of beside a record that it could read, by the code of the finding. */
export const READ_NOTES = [
  'mark-inside',
  'csv-near-quote',
  'csv-columns-nameless',
  'encoding-changes',
  'csv-columns-doubled',
  'row-hidden',
] as const
export type ReadNote = (typeof READ_NOTES)[number]

/**
 * One source record as it arrived: its physical line (the header is line 1) and its text.
 * An entry of form `refused` could not be read at all; its text is the code of the finding that says why.
 */
export type RawEntry = { line: number; form: EntryForm; text: string; notes?: readonly ReadNote[] }

export type Json = string | number | boolean | null | Json[] | { [key: string]: Json }

/** Whether a record or subject is a family or a person. */
export type Level = 'keluarga' | 'individu'

/** A canonical record of one subject as one source reports it. Absent fields are empty, never null. */
export type CanonicalRecord = {
  level: Level
  /** The platform's own key of this subject within the dataset. */
  key: string
  /** JSON Pointer of the part of the source record that this came from: '' or '/anggota/0'. */
  path: string
  /** Canonical variables by name; codes are text, integers are numbers, dates are ISO. */
  fields: Record<string, string | number>
  /** Source values that have no canonical home, under their own names. */
  extensions?: Record<string, Json>
  /** Candidate codes of an ambiguous source code, by canonical field. */
  candidates?: Record<string, string[]>
  /** Canonical fields whose value was chosen or derived, not stated. */
  inferred?: string[]
  /** Codes of what was found in the source values of a field, by canonical field; `region` of a person's place. */
  findings?: Record<string, string[]>
  /** Reference date of the values, ISO. */
  asOf?: string
  /** BPS code of the smallest known place around a village that is not known itself. */
  region?: string
  /** What links this record to its family beside the No. KK. */
  household?: {
    /** Name of the key space the household key lives in, e.g. 'idbdt'; datasets of one platform that share keys share it. */
    scheme: string
    key: string
  }
  /** NIK of the head of the family, where a family row carries it: a link hint, not a field. */
  headNik?: string
}

/** What `clean` says about one entry. Records are empty unless it is accepted. */
export type CleanEntry = {
  line: number
  /** The platform's own key of the entry; null when it could not be read. */
  key: string | null
  verdict: 'accepted' | 'held' | 'rejected'
  findings: Finding[]
  records: CanonicalRecord[]
}

/** A record of a cleaned entry as a chunk keeps it: where it stands, and the text of what it says (`contentOf` in content.ts). */
export type CleanedRecord = Pick<CanonicalRecord, 'level' | 'key' | 'path' | 'findings'> & { content: string }

/** A cleaned entry as a chunk keeps it. Its findings are in the chunk's report. */
export type CleanedEntry = Pick<CleanEntry, 'line' | 'key' | 'verdict'> & { records: CleanedRecord[] }
