import type { SweepTask } from '../../engine/sweep.ts'
import { forgetSubmissions } from './submission.db.ts'

/** Lets submissions expire that nobody goes on with. */
export function submissionTasks({ SUBMISSION_HOURS }: { SUBMISSION_HOURS: number }): SweepTask[] {
  return [{ name: 'forgotten-submissions', everyMs: 60_000, run: (db) => forgetSubmissions(db, SUBMISSION_HOURS) }]
}
