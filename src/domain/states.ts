/** What became of one entry; exactly one of these, and `pending` until it is known. */
export const OUTCOMES = ['new', 'updated', 'unchanged', 'rejected', 'held'] as const
export type Outcome = (typeof OUTCOMES)[number]

/** How many entries of a batch (or of a chunk) have which outcome. */
export type Counts = Record<Outcome, number>

/** A chunk's way: `receiving` while its batch still uploads, then one state per stage that is done. */
export const CHUNK_STATES = ['receiving', 'received', 'clean', 'linked', 'settled'] as const
export type ChunkState = (typeof CHUNK_STATES)[number]

const BATCH_STATES = ['receiving', 'received', 'settled'] as const
export type BatchState = (typeof BATCH_STATES)[number]

/** The stages that work chunks, in order: `pipeline.ts` binds each to its code. */
export const STAGES = ['clean', 'link', 'forward'] as const
export type StageName = (typeof STAGES)[number]
