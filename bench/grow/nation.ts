import type { TableSize } from './database.ts'

/** What was measured of a registry: rows and bytes by table, and sealed bytes that retention destroys. */
export type Measured = { sizes: readonly TableSize[]; sealed: { chunks: number; deliveries: number } }

/** A part of the nation's database. `count` is of `each`; `stays` says until when. */
export type NationPart = { part: string; each: string; count: number; bytes_each: number; gb: number; stays: string }

/** Persons of the nation, how often a year each is pushed, and the share of families that has changed when it comes again. */
const NATION = { persons: 286_000_000, snapshots: 4, changed: 0.1 }

const SUBJECTS = ['source_record', 'subject', 'identifier', 'blocking', 'key_conflict', 'review', 'link_decision']
const LEDGER = ['batch', 'chunk', 'entry', 'report', 'receipt', 'receipt_block', 'event', 'snapshot_key']
const DELIVERIES = ['delivery']
const GB = 1e9

/**
 * The size that a nation's database comes to, from the bytes of one that was measured. Every person is stated by one dataset; one
 * that states the whole nation anew adds its source records and blocking rows once more. Where all was pushed within a month,
 * retention (30 days) keeps one snapshot's sealed bytes at a time.
 */
export function nationParts({ sizes, sealed }: Measured, nation = NATION): NationPart[] {
  const of = (names: readonly string[]) => sizes.filter(({ table }) => names.includes(table))
  const bytesOf = (names: readonly string[]) => of(names).reduce((sum, { bytes }) => sum + bytes, 0)
  const rowsOf = (name: string) => of([name])[0]?.rows ?? 0
  const [subjects, entries] = [rowsOf('subject'), rowsOf('entry')]
  const families = nation.persons / ((subjects - entries) / entries)
  const pushed = families * nation.snapshots
  const told = families * (1 + (nation.snapshots - 1) * nation.changed)
  const part = (name: string, each: string, count: number, bytesEach: number, stays: string): NationPart => ({
    part: name,
    each,
    count: Math.round(count),
    bytes_each: Math.round(bytesEach),
    gb: Math.round((count * bytesEach) / GB),
    stays,
  })
  const parts = [
    part(
      'subjects and source records',
      'subject',
      nation.persons + families,
      bytesOf(SUBJECTS) / subjects,
      'while they are',
    ),
    part('sealed chunks', 'pushed family', families, sealed.chunks / entries, 'RETENTION_DAYS'),
    part('sealed deliveries', 'told family', families, sealed.deliveries / entries, 'RETENTION_DAYS'),
    part(
      'ledger, reports, receipts',
      'pushed family',
      pushed,
      (bytesOf(LEDGER) - sealed.chunks) / entries,
      'not by time: of one year',
    ),
    part(
      'deliveries without their bytes',
      'told family',
      told,
      (bytesOf(DELIVERIES) - sealed.deliveries) / entries,
      'not by time: of one year',
    ),
  ]
  const total = parts.reduce((sum, { gb }) => sum + gb, 0)
  return [...parts, { part: 'all, after the first year', each: '', count: 0, bytes_each: 0, gb: total, stays: '' }]
}
