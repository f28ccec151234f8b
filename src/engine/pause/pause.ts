import { BATCH_KINDS, type ChunkState, STAGE, type StageName } from '../../domain/states.ts'

/** What may be wished for a stage of a platform: nothing of it is worked, or it works off what it has and gets nothing new. */
export type PauseWish = 'pause' | 'drain'

/** A standing order: which stage of which platform, and what is wished. */
export type StagePause = { platform: string; stage: StageName; wish: PauseWish }

/** Chunks that are not dispatched: of a platform, in a state. */
export type Stopped = { platform: string; state: ChunkState }

/** The stages that chunks pass before a stage; none for one that they begin with. */
export function stagesBefore(stage: StageName): StageName[] {
  const ways: readonly (readonly StageName[])[] = Object.values(BATCH_KINDS).map(({ stages }) => stages)
  return [...new Set(ways.flatMap((stages) => stages.slice(0, Math.max(0, stages.indexOf(stage)))))]
}

/** What standing orders stop: the stage itself for a pause, the stages before it for a drain. */
export function stoppedBy(pauses: readonly StagePause[]): Stopped[] {
  return pauses.flatMap(({ platform, stage, wish }) =>
    (wish === 'pause' ? [stage] : stagesBefore(stage)).map((name) => ({ platform, state: STAGE[name].from })),
  )
}
