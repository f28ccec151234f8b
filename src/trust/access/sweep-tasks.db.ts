import type pg from 'pg'
import { deleteUsedProofs } from './proof/used-proof.sql.ts'
import { deleteEndedSessions } from './session.sql.ts'

/** Removes sessions that have ended, and proofs too old to be used again; tasks of the sweeper. */
export const accessTasks = [
  { name: 'ended-sessions', everyMs: 60_000, run: (db: pg.Pool) => deleteEndedSessions(db) },
  { name: 'used-proofs', everyMs: 60_000, run: (db: pg.Pool) => deleteUsedProofs(db) },
]
