import { TitianError } from '../../domain/error.ts'
import type { Db } from '../../io/postgres/postgres.ts'
import { secondsUnconfirmed } from './checkpoint.sql.ts'

const RETRY_SECONDS = 60

/** Throws `audit-stale` where no checkpoint of the audit log was made for so many hours: nobody could prove what is taken in now. */
export async function requireAudit(db: Db, hours: number): Promise<void> {
  const seconds = await secondsUnconfirmed(db)
  if (seconds <= hours * 3600) return
  const message = `the audit log has had no signed checkpoint for ${Math.floor(seconds / 3600)} hours`
  throw new TitianError('audit-stale', message, { retryAfterSeconds: RETRY_SECONDS })
}
