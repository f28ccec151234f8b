import type pg from 'pg'
import { deleteEndedAccountSessions, type SessionLimits } from './account-session.sql.ts'

/** Removes sessions of persons that have ended; a task of the sweeper. */
export function peopleTask(limits: SessionLimits) {
  return {
    name: 'ended-account-sessions',
    everyMs: 60_000,
    run: (db: pg.Pool) => deleteEndedAccountSessions(db, limits),
  }
}
