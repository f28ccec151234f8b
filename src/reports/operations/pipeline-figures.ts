import type { StageName } from '../../domain/states.ts'

/** What lies in the pipeline now: entries before each stage, the rate, the oldest, and what blocks. */
export type PipelineFigures = {
  stages: Record<StageName, { entries: number; chunks: number; leased: number }>
  /** Entries settled in each of the last minutes, on average. */
  perMinute: number
  oldestSeconds: number
  openDeliveries: number
  openEntries: number
  blocks: PipelineBlocks
}

type PipelineBlocks = {
  /** Until when a receiver is left alone; null: it is not. */
  breakerUntil: Date | null
  paused: { platform: string; stage: StageName }[]
  /** For how long something has waited in a queue while no worker has anything; null while one works. */
  noWorkerSeconds: number | null
}
