import type { Pool } from 'pg'
import type { StageName } from '../../domain/states.ts'
import { inTransaction } from '../../io/postgres/postgres.ts'
import { appendAudit } from '../../trust/audit/audit.sql.ts'
import { lockDispatch } from '../dispatch.sql.ts'
import { callBack, deletePause, putPause } from './pause.sql.ts'
import { type PauseWish, stoppedBy } from './pause.ts'

/** Which stage of a platform is meant, and who asks. */
export type PauseOrder = { platform: string; stage: StageName; actor: string }

/**
 * Pauses or drains a stage of a platform, from the next dispatch on, and calls back what waits in the queues for it. A chunk that
 * a worker has is finished. The order is written into the audit log.
 */
export function pauseStage(db: Pool, { platform, stage, actor }: PauseOrder, wish: PauseWish): Promise<void> {
  return inTransaction(db, async (tx) => {
    // No dispatcher marks between the order and the calling back.
    await lockDispatch(tx)
    const pause = { platform, stage, wish }
    await putPause(tx, pause, actor)
    await callBack(tx, stoppedBy([pause]))
    const action = wish === 'pause' ? 'stage.paused' : 'stage.drained'
    await appendAudit(tx, { actor, action, object: `${platform}/${stage}` })
  })
}

/** Lifts whatever was ordered for a stage of a platform; false when nothing was. Its chunks are due as they were. */
export function resumeStage(db: Pool, { platform, stage, actor }: PauseOrder): Promise<boolean> {
  return inTransaction(db, async (tx) => {
    if (!(await deletePause(tx, platform, stage))) return false
    await appendAudit(tx, { actor, action: 'stage.resumed', object: `${platform}/${stage}` })
    return true
  })
}
