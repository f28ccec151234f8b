/** What a platform has pushed of a dataset: how many batches, and the newest. */
export type Pushes = { platform: string; dataset: string; batches: number; lastAt: Date; lastBatch: string }
