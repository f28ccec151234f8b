import { inTransaction } from '../io/postgres/postgres.ts'
import type { Queue } from '../io/queue.ts'
import { canaryTask } from './canary/canary.db.ts'
import { settleBatch } from './chunk.sql.ts'
import { dispatchDue } from './dispatch.db.ts'
import { forgetLookupRows } from './lookups/forget-rows.sql.ts'
import { forgetChunks } from './retention.sql.ts'
import type { Shares } from './share/fair-share.ts'
import {
  discardBrokenUploads,
  forgetLostDispatches,
  freeExpiredLeases,
  mendFuture,
  type Silent,
  selectSilentUploads,
  selectUnsettled,
} from './sweep.sql.ts'
import type { SweepTask } from './sweep.ts'

const SECOND = 1000
// A failed stage waits a minute at most, a delivery five; one that waits to be pulled, an hour.
const MOST_RETRY_SECONDS = 75
const MOST_FORWARD_SECONDS = { push: 330, pull: 3660 }

/** What keeps chunks and batches going when a process, a dispatch or the whole of Redis is lost. */
export function sweepTasks(
  queue: Queue,
  config: {
    WINDOW: number
    LEASE_SECONDS: number
    DISPATCH_SECONDS: number
    UPLOAD_STALE_MINUTES: number
    RETENTION_DAYS: number
    FORWARD: 'push' | 'pull'
  },
  shares: Omit<Shares, 'window'> = {},
): SweepTask[] {
  const most = {
    lease: config.LEASE_SECONDS,
    retry: MOST_RETRY_SECONDS,
    forward: MOST_FORWARD_SECONDS[config.FORWARD],
  }
  return [
    { name: 'clock', everyMs: 2 * SECOND, run: (db) => mendFuture(db, most) },
    { name: 'leases', everyMs: SECOND, run: freeExpiredLeases },
    { name: 'lost-dispatches', everyMs: SECOND, run: (db) => forgetLostDispatches(db, config.DISPATCH_SECONDS) },
    canaryTask(queue, config),
    { name: 'dispatch', everyMs: SECOND, run: (db) => dispatchDue(db, queue, { window: config.WINDOW, ...shares }) },
    {
      name: 'settle',
      everyMs: 10 * SECOND,
      async run(db) {
        const batches = await selectUnsettled(db)
        for (const batch of batches) await inTransaction(db, (tx) => settleBatch(tx, batch))
        return batches.length
      },
    },
    { name: 'broken-uploads', everyMs: 30 * SECOND, run: brokenUploads(config.UPLOAD_STALE_MINUTES) },
    { name: 'forget-chunks', everyMs: 60 * SECOND, run: (db) => forgetChunks(db, config.RETENTION_DAYS) },
    { name: 'forget-lookup-rows', everyMs: 60 * SECOND, run: forgetLookupRows },
  ]
}

/**
 * Discards an upload that two looks in a row found silent since the same moment: after one look alone, a clock that jumped
 * ahead would make every living upload look silent.
 */
function brokenUploads(minutes: number): SweepTask['run'] {
  let before = new Map<string, string>()
  return async (db) => {
    const silent = await selectSilentUploads(db, minutes)
    const again = silent.filter(({ id, touched }: Silent) => before.get(id) === touched)
    before = new Map(silent.map(({ id, touched }) => [id, touched]))
    return again.length === 0 ? 0 : discardBrokenUploads(db, again)
  }
}
