import { setTimeout as delay } from 'node:timers/promises'
import { TitianError } from '../../domain/error.ts'
import { selectPrepared } from './commits.sql.ts'
import { type Db, isDistributed } from './postgres.ts'

const ASK_MS = 20
/** A commit takes milliseconds; one whose worker died in the middle is ended by Citus within `citus.recover_2pc_interval`. */
const MOST_MS = 5000

/**
 * Settles when whatever was read of the coordinator so far is there on all workers. Citus commits on the coordinator first and on the
 * workers after it, so what one server tells of a commit another may not know yet. Throws `unavailable` while a worker is away,
 * or holds a commit that nobody has ended yet. On whole tables there is nothing to wait for.
 */
export async function waitForCommits(db: Db): Promise<void> {
  if (!isDistributed(db)) return
  const until = performance.now() + MOST_MS
  let waited = await selectPrepared(db)
  while (waited !== undefined && waited.size > 0 && performance.now() < until) {
    await delay(ASK_MS)
    const now = await selectPrepared(db)
    waited = now && waited.intersection(now)
  }
  if (waited === undefined) throw new TitianError('unavailable', 'a worker of the distributed tables does not answer')
  if (waited.size > 0)
    throw new TitianError('unavailable', 'a worker of the distributed tables has not ended a commit yet')
}
