import { isDeepStrictEqual } from 'node:util'
import type { CanonicalRecord, CleanEntry } from '../../domain/entry.ts'
import type { Finding } from '../../domain/finding.ts'

/** How a canonical field (or an extension, `individu.~rt`) of a record differs: gained, lost or another value. Never the value. */
type FieldChange = { field: string; how: 'filled' | 'emptied' | 'changed' }

/** What another version makes of one entry. */
export type EntryChange = {
  line: number
  verdict: [CleanEntry['verdict'], CleanEntry['verdict']]
  fields: FieldChange[]
  gained: Finding[]
  lost: Finding[]
}

/** Compares what two versions make of the same entry; undefined where they agree. */
export function compareEntries(before: CleanEntry, after: CleanEntry): EntryChange | undefined {
  const gained = without(after.findings, before.findings)
  const lost = without(before.findings, after.findings)
  const bothAccepted = before.verdict === 'accepted' && after.verdict === 'accepted'
  // Only accepted entries have records: a new verdict says all there is to say.
  const fields = bothAccepted ? compareRecords(before.records, after.records) : []
  if (before.verdict === after.verdict && fields.length + gained.length + lost.length === 0) return undefined
  return { line: before.line, verdict: [before.verdict, after.verdict], fields, gained, lost }
}

function without(findings: readonly Finding[], others: readonly Finding[]): Finding[] {
  const known = new Set(others.map(nameOf))
  return findings.filter((finding) => !known.has(nameOf(finding)))
}

function nameOf({ code, severity, path }: Finding): string {
  return `${code} ${severity} ${path}`
}

function compareRecords(before: readonly CanonicalRecord[], after: readonly CanonicalRecord[]): FieldChange[] {
  const others = new Map(after.map((record) => [placeOf(record), record]))
  const changes: FieldChange[] = []
  for (const record of before) {
    const other = others.get(placeOf(record))
    others.delete(placeOf(record))
    if (other === undefined) changes.push({ field: record.level, how: 'emptied' })
    else changes.push(...compareFields(record, other))
  }
  for (const { level } of others.values()) changes.push({ field: level, how: 'filled' })
  return changes
}

function placeOf({ level, path }: CanonicalRecord): string {
  return `${level} ${path}`
}

function compareFields(before: CanonicalRecord, after: CanonicalRecord): FieldChange[] {
  const [old, now] = [valuesOf(before), valuesOf(after)]
  return [...new Set([...old.keys(), ...now.keys()])].flatMap((name): FieldChange[] => {
    if (isDeepStrictEqual(old.get(name), now.get(name))) return []
    const how = !old.has(name) ? 'filled' : now.has(name) ? 'changed' : 'emptied'
    return [{ field: `${before.level}.${name}`, how }]
  })
}

/** Everything that a version says of a record, under names: fields as they are, the rest marked. */
function valuesOf(record: CanonicalRecord): Map<string, unknown> {
  const { fields, extensions, candidates, key, asOf, household, headNik, inferred } = record
  return new Map<string, unknown>([
    ...Object.entries(fields),
    ...Object.entries(extensions ?? {}).map(([name, value]) => [`~${name}`, value] as const),
    ...Object.entries(candidates ?? {}).map(([name, value]) => [`${name}?`, value] as const),
    ...Object.entries({ key, asOf, household, headNik, inferred: inferred?.toSorted() })
      .filter(([, value]) => value !== undefined)
      .map(([name, value]) => [`(${name})`, value] as const),
  ])
}
