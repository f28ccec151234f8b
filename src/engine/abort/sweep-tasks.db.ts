import type { SweepTask } from '../sweep.ts'
import { type AbortDeps, finishAborts } from './abort.db.ts'

/** Drops what a gateway that died while it aborted a batch has left. */
export function abortTasks(deps: Omit<AbortDeps, 'db'>): SweepTask[] {
  return [{ name: 'half-aborted', everyMs: 1000, run: (db) => finishAborts({ ...deps, db }) }]
}
