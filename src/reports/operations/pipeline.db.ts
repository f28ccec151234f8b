import type { Pool } from 'pg'
import { CHUNK_STATE_TABLE } from '../../domain/states.ts'
import { selectPauses } from '../../engine/pause/pause.sql.ts'
import { selectBacklog, selectDestinations } from './deliveries.sql.ts'
import { selectUnclaimedSeconds } from './pipeline.sql.ts'
import type { PipelineFigures } from './pipeline-figures.ts'
import { selectQueueFigures, selectRates } from './queues.sql.ts'

const SILENT_SECONDS = 15

/** Reads the pipeline as the overview draws it. */
export async function readPipeline(db: Pool, now: Date): Promise<PipelineFigures> {
  const figures = await selectQueueFigures(db)
  const stages: PipelineFigures['stages'] = { clean: none(), link: none(), forward: none(), results: none() }
  for (const { state, entries, chunks, leased } of figures) {
    const { stage } = CHUNK_STATE_TABLE[state]
    if (stage === null) continue
    stages[stage].entries += entries
    stages[stage].chunks += chunks
    stages[stage].leased += leased
  }
  const backlog = await selectBacklog(db)
  const isWorked = figures.some(({ leased }) => leased > 0)
  const unclaimed = isWorked ? null : await selectUnclaimedSeconds(db)
  const breakers = (await selectDestinations(db)).flatMap(({ openUntil }) =>
    openUntil !== null && openUntil > now ? [openUntil] : [],
  )
  return {
    stages,
    perMinute: [...(await selectRates(db)).values()].reduce((sum, rate) => sum + rate, 0),
    oldestSeconds: Math.max(0, ...figures.map(({ oldestSeconds }) => oldestSeconds)),
    openDeliveries: backlog.open,
    openEntries: backlog.entries,
    blocks: {
      breakerUntil: breakers.toSorted((a, b) => b.getTime() - a.getTime())[0] ?? null,
      paused: (await selectPauses(db)).map(({ platform, stage }) => ({ platform, stage })),
      noWorkerSeconds: unclaimed !== null && unclaimed > SILENT_SECONDS ? unclaimed : null,
    },
  }
}

function none() {
  return { entries: 0, chunks: 0, leased: 0 }
}
