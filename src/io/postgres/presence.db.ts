import type pg from 'pg'
import { inTransaction } from './postgres.ts'
import { forgetProcess, hasProcesses, noteProcess, type RunningProcess } from './process.sql.ts'
import { waitForMigrations } from './roles.sql.ts'

const NOTE_MS = 5000
/** After so many seconds without a sign a process counts as gone; one that is cut off is ended or comes back by then. */
export const PRESENT_SECONDS = 20

/**
 * Notes that this process runs, now and every few seconds until disposed of. Waits while somebody migrates; on a database without
 * the table nothing is noted, and the start is refused afterwards.
 */
export async function keepPresent(db: pg.Pool, process: RunningProcess): Promise<AsyncDisposable> {
  const isNoted = await inTransaction(db, async (tx) => {
    await waitForMigrations(tx)
    if (!(await hasProcesses(tx))) return false
    await noteProcess(tx, process)
    return true
  })
  let noting = Promise.resolve()
  const timer = isNoted
    ? setInterval(() => {
        // A database that is away for a moment is told with the next sign.
        noting = noting.then(() => noteProcess(db, process)).catch(() => undefined)
      }, NOTE_MS)
    : undefined
  return {
    async [Symbol.asyncDispose]() {
      clearInterval(timer)
      await noting
      if (isNoted) await forgetProcess(db, process.id).catch(() => undefined)
    },
  }
}
