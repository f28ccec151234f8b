import type { StagePause } from './pause.ts'

/** A standing order, by whom and since when. */
export type OrderedPause = StagePause & { by: string; at: Date }
