import type { SweepTask } from '../engine/sweep.ts'
import { forgetDeliveries } from './retention.sql.ts'
import { sequenceDeliveries } from './sequence.sql.ts'

const SECOND = 1000

/** What is looked after in deliveries: their places in the feed, and the end of their retention. */
export function deliveryTasks({ RETENTION_DAYS }: { RETENTION_DAYS: number }): SweepTask[] {
  return [
    { name: 'sequence-deliveries', everyMs: SECOND, run: sequenceDeliveries },
    { name: 'forget-deliveries', everyMs: 60 * SECOND, run: (db) => forgetDeliveries(db, RETENTION_DAYS) },
  ]
}
