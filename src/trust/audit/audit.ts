import { createHash } from 'node:crypto'
import { leafHash } from '../tree/merkle.ts'
import { AUDIT_ACTIONS, type AuditAction } from './actions.ts'

/** One thing that was done: by which client, to which object. */
export type AuditEvent = {
  actor: string
  action: AuditAction
  object: string
  /** What else belongs to it, by digest: sealed bytes in place of a personal value, which a digest could be guessed from. */
  details?: Details
  /** What belongs to it and may be read by whoever reads the log, in place of `details`: counts and purposes, never a value. */
  shown?: Details
}

type Details = Readonly<Record<string, string | number | boolean | null>>

/** The end of the log: the place and the hash that the next row is bound to. */
export type AuditEnd = { sequence: number; hash: string }

/** A row of the log; digests and hashes as hexadecimal. */
export type AuditRow = AuditEnd & {
  at: Date
  actor: string
  action: string
  kind: string
  object: string
  details: string
  /** In the clear what `details` is the digest of; null of most rows. */
  shown: Details | null
  previous: string
}

/** Before the first row. */
export const AUDIT_START: AuditEnd = { sequence: 0, hash: '00'.repeat(32) }

/** The row that an event becomes after the end of the log, at a moment of the database's clock. */
export function chainEvent(event: AuditEvent, end: AuditEnd, at: Date): AuditRow {
  const { actor, action, object, shown = null } = event
  const row = {
    sequence: end.sequence + 1,
    at,
    actor,
    action,
    kind: AUDIT_ACTIONS[action].kind,
    object,
    details: detailsOf(event),
    shown,
    previous: end.hash,
  }
  return { ...row, hash: hashOf(row) }
}

/** The digest of what else belongs to an event, whatever the order of its names. */
export function detailsOf({ details = {}, shown }: Pick<AuditEvent, 'details' | 'shown'>): string {
  return sha256(JSON.stringify(Object.entries(shown ?? details).sort(([a], [b]) => (a < b ? -1 : 1))))
}

/** Where the log stops being what it was, and why; `sequence` is the first row that is wrong. */
export type AuditFault = {
  sequence: number
  why: 'missing' | 'moved' | 'altered' | 'replaced' | 'unsigned' | 'forged'
  /** The last row that may be the first wrong one, where it is not known exactly. */
  upTo?: number
}

/**
 * Walks on over rows in their order; gives the new end, or the first fault. Rows cut off at the end are seen only against a
 * `checkpoint`, an end that was noted elsewhere before.
 */
export function walkAudit(
  rows: readonly AuditRow[],
  from: AuditEnd,
  checkpoint?: AuditEnd,
): { end: AuditEnd; fault?: AuditFault } {
  let end = from
  for (const row of rows) {
    const sequence = end.sequence + 1
    const why = faultOf(row, end, checkpoint)
    if (why !== undefined) return { end, fault: { sequence, why } }
    end = { sequence, hash: row.hash }
  }
  return { end }
}

function faultOf(row: AuditRow, end: AuditEnd, checkpoint: AuditEnd | undefined): AuditFault['why'] | undefined {
  if (row.sequence !== end.sequence + 1) return 'missing'
  if (row.previous !== end.hash) return 'moved'
  if (row.hash !== hashOf(row) || (row.shown !== null && detailsOf({ shown: row.shown }) !== row.details))
    return 'altered'
  if (row.sequence === checkpoint?.sequence && row.hash !== checkpoint.hash) return 'replaced'
  return undefined
}

/** The hash of the leaf that a row is in the tree: over all of the row, and by `previous` over the rows before it. */
export function leafOf(row: Omit<AuditRow, 'hash'>): Buffer {
  return leafHash(Buffer.from(textOf(row)))
}

function hashOf(row: Omit<AuditRow, 'hash'>): string {
  return sha256(textOf(row))
}

/** A list has one form in JSON, so that its hash is that of its content; `append_audit` of migration 0032 writes the same. */
function textOf({ sequence, at, actor, action, kind, object, details, previous }: Omit<AuditRow, 'hash'>): string {
  return JSON.stringify([sequence, at.toISOString(), actor, action, kind, object, details, previous])
}

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex')
}
