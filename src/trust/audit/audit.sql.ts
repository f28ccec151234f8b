import type { PoolClient } from 'pg'
import type { Db } from '../../io/postgres/postgres.ts'
import { sql } from '../../io/postgres/sql.ts'
import {
  AUDIT_START,
  type AuditEnd,
  type AuditEvent,
  type AuditFault,
  type AuditRow,
  chainEvent,
  walkAudit,
} from './audit.ts'

const PAGE = 2000
const COLUMNS = `sequence, at, actor, action, kind, object, encode(details, 'hex') as details,
  encode(previous, 'hex') as previous, encode(hash, 'hex') as hash`

/** pg gives a bigint as text. */
type StoredRow = Omit<AuditRow, 'sequence'> & { sequence: string }

/**
 * Writes an event down in the transaction that makes it true. To be called last in it: whoever appends waits for the one
 * before to commit, since its row is bound to that row's hash.
 */
export async function appendAudit(tx: PoolClient, event: AuditEvent): Promise<void> {
  await lockAudit(tx)
  const { end, at } = await readEnd(tx)
  await insertRow(tx, chainEvent(event, end, at))
}

/** Walks the whole log; `fault` is the first row that is wrong, `end` the last one that is right. */
export async function verifyAudit(db: Db, checkpoint?: AuditEnd): Promise<{ end: AuditEnd; fault?: AuditFault }> {
  let end = AUDIT_START
  for (;;) {
    const rows = await readAuditRows(db, end.sequence)
    const walked = walkAudit(rows, end, checkpoint)
    if (walked.fault !== undefined) return walked
    end = walked.end
    if (rows.length < PAGE) break
  }
  if (checkpoint !== undefined && end.sequence < checkpoint.sequence)
    return { end, fault: { sequence: end.sequence + 1, why: 'missing' } }
  return { end }
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

async function lockAudit(tx: PoolClient): Promise<void> {
  await tx.query(sql`select pg_advisory_xact_lock(hashtext('titian audit'))`)
}

/** A statement of its own, after the lock: it must see what the one before has committed. A Date holds milliseconds. */
async function readEnd(tx: PoolClient): Promise<{ end: AuditEnd; at: Date }> {
  const { rows } = await tx.query<{
    at: Date
    sequence: string | null
    hash: string | null
  }>(sql`
    select date_trunc('milliseconds', clock_timestamp()) as at, sequence, encode(hash, 'hex') as hash
    from (select 1) one left join (select sequence, hash from audit order by sequence desc limit 1) last on true`)
  const { at, sequence, hash } = rows[0] as {
    at: Date
    sequence: string | null
    hash: string | null
  }
  return {
    at,
    end: sequence === null || hash === null ? AUDIT_START : { sequence: Number(sequence), hash },
  }
}

async function insertRow(tx: PoolClient, row: AuditRow): Promise<void> {
  await tx.query(sql`
    insert into audit (sequence, at, actor, action, kind, object, details, previous, hash)
    values (${row.sequence}, ${row.at}, ${row.actor}, ${row.action}, ${row.kind}, ${row.object},
      decode(${row.details}, 'hex'), decode(${row.previous}, 'hex'), decode(${row.hash}, 'hex'))`)
}

function rowOf(row: StoredRow): AuditRow {
  return { ...row, sequence: Number(row.sequence) }
}

/** The hash of one row of the audit log; undefined when there is none. */
export async function selectAuditHash(db: Db, sequence: number): Promise<string | undefined> {
  const { rows } = await db.query<{ hash: string }>(sql`
    select encode(hash, 'hex') as hash from audit where sequence = ${sequence}`)
  return rows[0]?.hash
}
