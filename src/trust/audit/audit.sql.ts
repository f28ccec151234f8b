import type { PoolClient } from 'pg'
import type { Db } from '../../io/postgres/postgres.ts'
import { sql } from '../../io/postgres/sql.ts'
import { AUDIT_ACTIONS, type AuditAction } from './actions.ts'
import { type AuditEvent, type AuditRow, detailsOf } from './audit.ts'

const PAGE = 2000
const COLUMNS = `sequence, at, actor, action, kind, object, encode(details, 'hex') as details, shown,
  encode(previous, 'hex') as previous, encode(hash, 'hex') as hash`

/** pg gives a bigint as text. */
type StoredRow = Omit<AuditRow, 'sequence'> & { sequence: string }

/**
 * Writes an event down in the transaction that makes it true. To be called last in it: whoever appends waits for the one
 * before to commit, since its row is bound to that row's hash.
 */
export async function appendAudit(tx: PoolClient, event: AuditEvent): Promise<void> {
  const { actor, action, object, shown } = event
  const { kind } = AUDIT_ACTIONS[action]
  await tx.query(sql`
    select append_audit(${actor}, ${action}, ${kind}, ${object}, decode(${detailsOf(event)}, 'hex'),
      ${shown === undefined ? null : JSON.stringify(shown)}::jsonb)`)
}

/** The next rows of the log after a place in it. */
export async function readAuditRows(db: Db, after: number, limit = PAGE): Promise<AuditRow[]> {
  const { rows } = await db.query<StoredRow>(
    `select ${COLUMNS} from audit where sequence > $1 order by sequence limit $2`,
    [after, limit],
  )
  return rows.map(rowOf)
}

/** What was done to one thing, the oldest first. */
export async function readAuditOf(db: Db, kind: string, object: string): Promise<AuditRow[]> {
  const { rows } = await db.query<StoredRow>(
    `select ${COLUMNS} from audit where kind = $1 and object = $2 order by sequence`,
    [kind, object],
  )
  return rows.map(rowOf)
}

function rowOf(row: StoredRow): AuditRow {
  return { ...row, sequence: Number(row.sequence) }
}

/** The number of the last row of the log; 0 before the first. */
export async function lastAuditRow(db: Db): Promise<number> {
  const { rows } = await db.query<{ last: string }>(sql`select coalesce(max(sequence), 0) as last from audit`)
  return Number(rows[0]?.last ?? 0)
}

/** The hash of one row of the audit log; undefined when there is none. */
export async function selectAuditHash(db: Db, sequence: number): Promise<string | undefined> {
  const { rows } = await db.query<{ hash: string }>(sql`
    select encode(hash, 'hex') as hash from audit where sequence = ${sequence}`)
  return rows[0]?.hash
}

/** Of things of one kind those to which an action was done already. */
export async function notedObjects(db: Db, action: AuditAction, objects: readonly string[]): Promise<Set<string>> {
  const { kind } = AUDIT_ACTIONS[action]
  const { rows } = await db.query<{ object: string }>(sql`
    select distinct object from audit where kind = ${kind} and object = any(${objects}) and action = ${action}`)
  return new Set(rows.map(({ object }) => object))
}
