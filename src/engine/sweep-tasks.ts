import { inTransaction } from '../io/postgres/postgres.ts'
import type { Queue } from '../io/queue.ts'
import { settleBatch } from './chunk.sql.ts'
import { dispatchDue } from './dispatch.db.ts'
import { forgetChunks } from './retention.sql.ts'
import { discardBrokenUploads, forgetLostDispatches, freeExpiredLeases, selectUnsettled } from './sweep.sql.ts'
import type { SweepTask } from './sweep.ts'

const SECOND = 1000

/** What keeps chunks and batches going when a process, a dispatch or the whole of Redis is lost. */
export function sweepTasks(
  queue: Queue,
  config: { WINDOW: number; DISPATCH_SECONDS: number; UPLOAD_STALE_MINUTES: number; RETENTION_DAYS: number },
): SweepTask[] {
  return [
    { name: 'leases', everyMs: SECOND, run: freeExpiredLeases },
    { name: 'lost-dispatches', everyMs: SECOND, run: (db) => forgetLostDispatches(db, config.DISPATCH_SECONDS) },
    { name: 'dispatch', everyMs: SECOND, run: (db) => dispatchDue(db, queue, { window: config.WINDOW }) },
    {
      name: 'settle',
      everyMs: 10 * SECOND,
      async run(db) {
        const batches = await selectUnsettled(db)
        for (const batch of batches) await inTransaction(db, (tx) => settleBatch(tx, batch))
        return batches.length
      },
    },
    {
      name: 'broken-uploads',
      everyMs: 30 * SECOND,
      run: (db) => discardBrokenUploads(db, config.UPLOAD_STALE_MINUTES),
    },
    { name: 'forget-chunks', everyMs: 60 * SECOND, run: (db) => forgetChunks(db, config.RETENTION_DAYS) },
  ]
}
