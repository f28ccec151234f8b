import type pg from 'pg'
import type { Lane } from '../../domain/states.ts'
import type { Queue } from '../../io/queue.ts'
import type { Stage } from '../stage.ts'
import type { SweepTask } from '../sweep.ts'
import { markCanaries, passCanary } from './canary.sql.ts'

const LOOK_MS = 5000
/** So long after a marker came through the next one is sent. */
const EVERY_SECONDS = 15

/** Sends a marker through the queue of each stage and lane, again and again; returns how many had to be sent once more. */
export function canaryTask(queue: Pick<Queue, 'sendCanary'>, config: { DISPATCH_SECONDS: number }): SweepTask {
  return {
    name: 'canary',
    everyMs: LOOK_MS,
    async run(db) {
      const due = await markCanaries(db, { everySeconds: EVERY_SECONDS, againSeconds: config.DISPATCH_SECONDS })
      // A back end that is away shows by the age of what was not sent: it is sent again.
      await Promise.all(due.map(({ stage, lane, round }) => queue.sendCanary(stage, round, lane)))
      return due.filter(({ isAgain }) => isAgain).length
    },
  }
}

/**
 * Answers a marker: tries what the stage needs for any chunk, and notes that it came through. It belongs to no batch, holds no
 * record, and nothing is counted or delivered for it.
 */
export async function answerCanary(
  db: pg.Pool,
  { name, probe }: Pick<Stage, 'name' | 'probe'>,
  { round, lane }: { round: number; lane: Lane },
): Promise<boolean> {
  await probe?.()
  return passCanary(db, { stage: name, lane, round })
}
