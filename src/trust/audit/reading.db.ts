import type { Pool } from 'pg'
import { inTransaction } from '../../io/postgres/postgres.ts'
import { appendAudit } from './audit.sql.ts'
import type { AuditEvent } from './audit.ts'

/** Writes down that personal data is read, before it is given: who, for what, how many; never a value. */
export async function noteReading(db: Pool, event: AuditEvent & Required<Pick<AuditEvent, 'shown'>>): Promise<void> {
  await inTransaction(db, (tx) => appendAudit(tx, event))
}
