import type { Pool, PoolClient } from 'pg'
import { lockSubjects } from './subjects.sql.ts'

/** Told of one holding of the subjects' lock: how long it was waited for, and how long it was held. Seconds. */
export type LockTimes = { waited(seconds: number): void; held(seconds: number): void }

/** The subjects' lock for transactions of a pool. It ends with its transaction, when the pool gets its connection back. */
export function measuredLock(db: Pool, times: LockTimes): (tx: PoolClient) => Promise<void> {
  const taken = new Map<PoolClient, number>()
  db.on('release', (_error, client) => {
    const since = taken.get(client)
    if (since === undefined) return
    taken.delete(client)
    times.held((performance.now() - since) / 1000)
  })
  return async (tx) => {
    const asked = performance.now()
    await lockSubjects(tx)
    const now = performance.now()
    times.waited((now - asked) / 1000)
    // The chunks of a strict batch take it one after the other in one transaction.
    if (!taken.has(tx)) taken.set(tx, now)
  }
}
