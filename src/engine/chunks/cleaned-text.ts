import { contentOf, familyFinder } from '../../domain/content.ts'
import type { CanonicalRecord, CleanEntry, CleanedEntry, CleanedRecord } from '../../domain/entry.ts'

type Head = [line: number, key: string | null, verdict: CleanEntry['verdict'], records: RecordHead[]]
type RecordHead = [level: CleanedRecord['level'], key: string, path: string, findings?: CleanedRecord['findings']]

/**
 * Writes cleaned entries as text: a line of JSON that says where each record stands, then a line for each record with what it says.
 * Most records of a snapshot are unchanged, and of those nobody parses the second line.
 */
export function writeCleaned(entries: readonly CleanEntry[]): string {
  const contents: string[] = []
  const heads = entries.map(({ line, key, verdict, records }): Head => {
    const familyOf = familyFinder(records)
    for (const record of records) contents.push(contentOf(record, familyOf(record)))
    return [line, key, verdict, records.map(headOf)]
  })
  return [JSON.stringify({ entries: heads }), ...contents].join('\n')
}

function headOf({ level, key, path, findings }: CanonicalRecord): RecordHead {
  return findings === undefined ? [level, key, path] : [level, key, path, findings]
}

/** The reverse of `writeCleaned`; it also reads the one JSON array that chunks were written as before. */
export function readCleanedText(text: string): CleanedEntry[] {
  if (text.startsWith('[')) return (JSON.parse(text) as CleanEntry[]).map(cleanedEntry)
  const lines = text.split('\n')
  const { entries } = JSON.parse(lines[0] ?? '') as { entries: Head[] }
  let at = 1
  return entries.map(([line, key, verdict, records]) => ({
    line,
    key,
    verdict,
    records: records.map(([level, key, path, findings]) => {
      const content = lines[at++]
      if (content === undefined) throw new RangeError('a cleaned chunk has fewer records than it says')
      return { level, key, path, content, ...(findings && { findings }) }
    }),
  }))
}

/** A cleaned text without what some lines say: their entries stay, without key and records. */
export function withoutRecords(text: string, gone: ReadonlySet<number>): string {
  if (text.startsWith('[')) {
    const entries = JSON.parse(text) as CleanEntry[]
    return writeCleaned(entries.map((entry) => (gone.has(entry.line) ? { ...entry, key: null, records: [] } : entry)))
  }
  const lines = text.split('\n')
  const { entries } = JSON.parse(lines[0] ?? '') as { entries: Head[] }
  const contents: string[] = []
  let at = 1
  const heads = entries.map((head): Head => {
    const [line, , verdict, records] = head
    const own = lines.slice(at, at + records.length)
    at += records.length
    if (gone.has(line)) return [line, null, verdict, []]
    contents.push(...own)
    return head
  })
  return [JSON.stringify({ entries: heads }), ...contents].join('\n')
}

function cleanedEntry({ line, key, verdict, records }: CleanEntry): CleanedEntry {
  const familyOf = familyFinder(records)
  const cleaned = records.map((record): CleanedRecord => {
    const { level, key, path, findings } = record
    return { level, key, path, content: contentOf(record, familyOf(record)), ...(findings && { findings }) }
  })
  return { line, key, verdict, records: cleaned }
}
