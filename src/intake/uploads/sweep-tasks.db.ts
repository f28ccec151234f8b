import type { SweepTask } from '../../engine/sweep.ts'
import { forgetUploads } from './upload.sql.ts'

/** Discards resumable uploads that nobody goes on with. */
export function uploadTasks({ RESUMABLE_HOURS }: { RESUMABLE_HOURS: number }): SweepTask[] {
  return [{ name: 'forgotten-uploads', everyMs: 60_000, run: (db) => forgetUploads(db, RESUMABLE_HOURS) }]
}
