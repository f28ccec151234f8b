import { zstdCompressSync, zstdDecompressSync } from 'node:zlib'
import type { Effect } from './records.ts'

/** One effect as `GET /v1/journal` tells it. */
export type JournalLine = {
  subject: string
  level: Effect['level']
  /** Absent for a golden record. */
  kind?: Effect['kind']
  version: number
  /** SHA-256 in hexadecimal of the JSON of `[subject, level, record, extensions or null]`. */
  hash: string
  entries: [string, number][]
  merged?: string[]
}

/** The journal of one delivery, as it is stored: compressed NDJSON. */
export function encodeJournal(effects: readonly Effect[]): Buffer {
  const lines = effects.map(({ subject, level, kind, version, hash, entries, merged }) => {
    const of = kind === 'golden' ? {} : { kind }
    const line: JournalLine = { subject, level, ...of, version, hash, entries }
    return `${JSON.stringify(merged.length > 0 ? { ...line, merged } : line)}\n`
  })
  return zstdCompressSync(lines.join(''))
}

/** The reverse of `encodeJournal`. */
export function decodeJournal(journal: Uint8Array): JournalLine[] {
  const text = zstdDecompressSync(journal).toString()
  return text
    .split('\n')
    .filter(Boolean)
    .map((line) => JSON.parse(line))
}
