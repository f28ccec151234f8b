import type { SweepTask } from '../../engine/sweep.ts'
import { finishSnapshots, type SnapshotDeps } from './snapshot.db.ts'

/** Concludes from snapshots once all of their records are linked. */
export function snapshotTasks(deps: SnapshotDeps): SweepTask[] {
  return [{ name: 'snapshots', everyMs: 1000, run: (db) => finishSnapshots(db, deps) }]
}
