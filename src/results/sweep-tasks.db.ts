import type { SweepTask } from '../engine/sweep.ts'
import { sequenceNotices } from './notice.sql.ts'
import { forgetOvertaken } from './subject-result.sql.ts'

const SECOND = 1000

/** What is looked after in results: their places in the feeds of the platforms, and the end of their retention. */
export function resultTasks({ RETENTION_DAYS }: { RETENTION_DAYS: number }): SweepTask[] {
  return [
    { name: 'sequence-results', everyMs: SECOND, run: sequenceNotices },
    { name: 'forget-results', everyMs: 60 * SECOND, run: (db) => forgetOvertaken(db, RETENTION_DAYS) },
  ]
}
