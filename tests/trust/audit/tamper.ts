import { withClient } from '../../../src/io/postgres/postgres.ts'
import type { AuditAction } from '../../../src/trust/audit/actions.ts'
import { readAuditRows } from '../../../src/trust/audit/audit.sql.ts'
import { AUDIT_START, type AuditRow, chainEvent } from '../../../src/trust/audit/audit.ts'
import type { TestDatabase } from '../../support/database.ts'

/** What somebody makes of the rows of the log. */
export type Change = (rows: AuditRow[]) => AuditRow[]
export const edit: Change = (rows) => rows.map((row) => (row.sequence === 5 ? { ...row, actor: 'somebody' } : row))
export const recount: Change = (rows) =>
  rows.map((row) => (row.sequence === 8 ? { ...row, shown: { records: 1 } } : row))
export const drop: Change = (rows) => rows.filter(({ sequence }) => sequence !== 5)
export const insert: Change = (rows) => rows.toSpliced(4, 0, { ...(rows[4] as AuditRow), object: 'bat_planted' })
export const exchange: Change = (rows) => rows.toSpliced(4, 2, rows[5] as AuditRow, rows[4] as AuditRow)
export const truncate: Change = (rows) => rows.slice(0, 4)

/** Writes the log as a superuser does who knows everything but the key: `anew` with all numbers and hashes right again. */
export async function tamper(db: TestDatabase, change: Change, how: 'as-is' | 'anew', also = ''): Promise<void> {
  const changed = change(await readAuditRows(db.pool, 0))
  const rows = how === 'as-is' ? changed : chained(changed)
  await withClient(db.ownerUrl, async (owner) => {
    await owner.query('alter table audit disable trigger user; alter table audit_checkpoint disable trigger user')
    await owner.query('delete from audit')
    for (const { sequence, at, actor, action, kind, object, details, shown, previous, hash } of rows)
      await owner.query(
        `insert into audit (sequence, at, actor, action, kind, object, details, shown, previous, hash)
         values ($1, $2, $3, $4, $5, $6, decode($7, 'hex'), $8, decode($9, 'hex'), decode($10, 'hex'))`,
        [sequence, at, actor, action, kind, object, details, shown, previous, hash],
      )
    if (also !== '') await owner.query(also)
  })
}

function chained(rows: readonly AuditRow[]): AuditRow[] {
  const anew: AuditRow[] = []
  for (const { actor, action, object, at, shown } of rows) {
    const event = { actor, action: action as AuditAction, object, ...(shown && { shown }) }
    anew.push(chainEvent(event, anew.at(-1) ?? AUDIT_START, at))
  }
  return anew
}

/** Takes away the checkpoints over what was changed, and what witnesses said of them. */
export const HIDE = 'delete from audit_cosignature; delete from audit_checkpoint where size > 4'
/** Writes other leaves into every checkpoint. */
export const FORGE = `update audit_checkpoint set leaves = decode(repeat('00', length(leaves)), 'hex')`
