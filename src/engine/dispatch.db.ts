import type pg from 'pg'
import { CHUNK_STATE_TABLE, type StageName } from '../domain/states.ts'
import { inTransaction } from '../io/postgres/postgres.ts'
import type { Queue, QueuePlace } from '../io/queue.ts'
import { lockDispatch, type MarkedChunk, markDue, unmark } from './dispatch.sql.ts'
import { selectPauses } from './pause/pause.sql.ts'
import { stoppedBy } from './pause/pause.ts'
import { laneOf, priorityOf, type Shares } from './share/fair-share.ts'

/**
 * Dispatches due chunks of one platform, or of all, within each platform's window, which its weight makes wider or narrower. Returns how many were dispatched.
 * What an operator has paused or drained is left where it is. It may fail without harm: the sweeper dispatches what was left.
 */
export async function dispatchDue(
  db: pg.Pool,
  queue: Pick<Queue, 'dispatch'>,
  { platform = null, ...shares }: Shares & { platform?: string | null },
): Promise<number> {
  const marked = await inTransaction(db, async (tx) => {
    await lockDispatch(tx)
    return markDue(tx, shares, platform, stoppedBy(await selectPauses(tx)))
  })
  try {
    await Promise.all([...byStage(marked, shares)].map(([stage, dispatches]) => queue.dispatch(stage, dispatches)))
  } catch (error) {
    await unmark(db, marked)
    throw error
  }
  return marked.length
}

function byStage(marked: readonly MarkedChunk[], shares: Shares): Map<StageName, (MarkedChunk & QueuePlace)[]> {
  const groups = new Map<StageName, (MarkedChunk & QueuePlace)[]>()
  for (const chunk of marked) {
    const { stage } = CHUNK_STATE_TABLE[chunk.state]
    const dispatch = { ...chunk, lane: laneOf(chunk), turn: priorityOf(chunk.turn, chunk.platform, shares) }
    if (stage === null) continue
    const group = groups.get(stage)
    if (group) group.push(dispatch)
    else groups.set(stage, [dispatch])
  }
  return groups
}
