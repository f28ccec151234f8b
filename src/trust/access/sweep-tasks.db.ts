import type pg from 'pg'
import { deleteEndedSessions } from './session.sql.ts'

/** Removes sessions that have ended; a task of the sweeper. */
export const sessionTask = { name: 'ended-sessions', everyMs: 60_000, run: (db: pg.Pool) => deleteEndedSessions(db) }
