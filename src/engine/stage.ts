import type { PoolClient } from 'pg'
import type { BatchId, ChunkId } from '../domain/ids.ts'
import type { ChunkState, StageName } from '../domain/states.ts'

/** A chunk that this worker holds the lease of; its commit counts only while the epoch is still this one. */
export type ClaimedChunk = {
  id: ChunkId
  batch: BatchId
  platform: string
  dataset: string
  datasetVersion: string
  /** Number of the agreement that the batch was pushed under. */
  agreement: string
  receiptOrder: string
  firstLine: number
  entries: number
  epoch: number
  attempts: number
}

/** What a stage made of a chunk: something to commit, or a wish to be called again later (not the chunk's fault). */
export type StageResult =
  /** `save` runs inside the fenced transaction and names the chunk's next state. */
  { is: 'done'; save: (tx: PoolClient) => Promise<ChunkState> } | { is: 'later'; seconds: number }

/** A stage is a value: it works a chunk and says what to save; claiming, fencing, committing and ringing belong to the runner. */
export type Stage = {
  name: StageName
  /** The state a chunk must be in. */
  from: ChunkState
  run: (chunk: ClaimedChunk, signal: AbortSignal) => Promise<StageResult>
}
