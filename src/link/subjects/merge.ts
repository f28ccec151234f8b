import type { Json } from '../../domain/entry.ts'
import type { FieldFlags, Golden, Origin } from '../../domain/golden.ts'
import type { KeptRecord } from '../compare/features.ts'
import { sourceNameOf } from './source-record.ts'
import type { Index } from './subject.ts'
import type { Rank, Survivorship } from './survivorship.ts'

/** A source record of a subject, opened. */
export type OpenedRecord = { key: Index; platform: string; dataset: string; record: KeptRecord }

/** Merges the source records of one subject: for each field the first filled one in the order of trust. */
export function mergeGolden(sources: readonly OpenedRecord[], rules: Survivorship): Golden {
  const only = sources.length === 1 ? sources[0] : undefined
  if (only !== undefined) return goldenOf(only)
  const trusted = inOrder(sources, rules.rank)
  const record: Golden['record'] = {}
  const givers = new Map<OpenedRecord, string[]>(trusted.map((source) => [source, []]))
  for (const source of trusted) {
    const { level, fields } = source.record
    for (const field in fields) {
      if (field in record) continue
      const rank = rules.fields.get(`${level}.${field}`)
      const giver = rank === undefined ? source : giverOf(field, trusted, rank)
      const value = giver?.record.fields[field]
      if (giver === undefined || value === undefined) continue
      record[field] = value
      givers.get(giver)?.push(field)
    }
  }
  const origin = trusted.map((source) => originOf(source, givers.get(source)?.sort() ?? []))
  const extensions = extensionsOf(trusted)
  const flags = flagsOf(trusted, record, (source, field) => givers.get(source)?.includes(field) === true)
  return { record, ...(extensions && { extensions }), origin, ...(flags && { flags }) }
}

/** What has to be known of each field, from the record that gives it; of a field that nobody gives, from every record. */
function flagsOf(
  sources: readonly OpenedRecord[],
  given: Golden['record'],
  gives: (source: OpenedRecord, field: string) => boolean,
): Golden['flags'] {
  const flags: Record<string, FieldFlags> = {}
  for (const source of sources) {
    const { inferred = [], findings = {} } = source.record
    for (const field of inferred) if (gives(source, field)) flags[field] = { inferred: true }
    for (const [field, codes] of Object.entries(findings)) {
      if (field in given && !gives(source, field)) continue
      const before = flags[field]
      flags[field] = { ...before, findings: [...new Set([...(before?.findings ?? []), ...codes])].sort() }
    }
  }
  return Object.keys(flags).length > 0 ? flags : undefined
}

/** The source records in the order of trust, then newest, then fullest, then by name: never by arrival. */
export function inOrder<T extends OpenedRecord>(sources: readonly T[], rank: Rank): T[] {
  return sources.toSorted(
    (a, b) =>
      rank(a.dataset) - rank(b.dataset) ||
      compareTexts(b.record.asOf ?? '', a.record.asOf ?? '') ||
      Object.keys(b.record.fields).length - Object.keys(a.record.fields).length ||
      compareTexts(sourceNameOf(a, a.record), sourceNameOf(b, b.record)),
  )
}

/** The source record whose value stands for a field, among those that have one. */
export function giverOf<T extends OpenedRecord>(field: string, sources: readonly T[], rank: Rank): T | undefined {
  return inOrder(
    sources.filter(({ record }) => record.fields[field] !== undefined),
    rank,
  )[0]
}

function goldenOf(source: OpenedRecord): Golden {
  const { fields: record, extensions } = source.record
  const flags = flagsOf([source], record, () => true)
  return {
    record,
    ...(extensions && { extensions: { [source.dataset]: extensions } }),
    origin: [originOf(source, '*')],
    ...(flags && { flags }),
  }
}

function originOf({ platform, dataset, record: { asOf } }: OpenedRecord, fields: Origin['fields']): Origin {
  return { platform, dataset, ...(asOf !== undefined && { asOf }), fields }
}

/** Of each dataset those of its first record: what has no canonical meaning cannot be merged field by field. */
function extensionsOf(trusted: readonly OpenedRecord[]): Record<string, Record<string, Json>> | undefined {
  const all: Record<string, Record<string, Json>> = {}
  for (const { dataset, record } of trusted) if (record.extensions) all[dataset] ??= record.extensions
  return Object.keys(all).length > 0 ? all : undefined
}

function compareTexts(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0
}
