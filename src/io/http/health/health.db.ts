import type pg from 'pg'
import { within } from '../../within.ts'
import { canWrite } from './health.sql.ts'

const DATABASE_MS = 3000

/** Why PostgreSQL takes no writes, in a sentence; undefined when it does. */
export async function writeFault(db: pg.Pool): Promise<string | undefined> {
  try {
    return (await within(DATABASE_MS, canWrite(db))) ? undefined : 'PostgreSQL is read-only'
  } catch {
    return 'PostgreSQL does not answer'
  }
}
