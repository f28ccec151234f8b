import type { PoolClient } from 'pg'
import type { BatchId, ChunkId } from '../domain/ids.ts'
import type { BatchKind, ChunkState, StageName } from '../domain/states.ts'

/** A chunk that this worker holds the lease of; its commit counts only while the epoch is still this one. */
export type ClaimedChunk = {
  id: ChunkId
  batch: BatchId
  /** What the batch is about. */
  kind: BatchKind
  platform: string
  dataset: string
  datasetVersion: string
  /** Number of the agreement that the batch was pushed under. */
  agreement: string
  receiptOrder: string
  firstLine: number
  entries: number
  epoch: number
  /** The index key under which it is worked, where indexes are made of it. */
  indexKey?: number
  attempts: number
  /** Its entries were held by a finding that wants a reason (a reused key), and released by somebody who gave one. */
  isReleased: boolean
  /** Its batch states the whole of the dataset, and nothing is concluded from it yet: what is absent will be withdrawn. */
  isSnapshot: boolean
  /** One rejected or held entry refuses its batch, so all chunks of it are linked at once. */
  isStrict?: boolean
  /** Where the trace of its batch began; null where nothing was traced. */
  trace?: string | null
}

/** What a stage made of a chunk. */
export type StageResult =
  /** `save` runs inside the fenced transaction and names the chunk's next state. */
  | { is: 'done'; save: (tx: PoolClient) => Promise<ChunkState> }
  /** The stage wants to be called again later; that is not the chunk's fault. */
  | { is: 'later'; seconds: number }
  /** The entry of this line used up the time or memory of an entry; the others are to go on without it. */
  | { is: 'stuck'; line: number }

/** A stage is a value: it works a chunk and says what to save. The runner claims, fences, commits and dispatches. */
export type Stage = {
  name: StageName
  /** The state a chunk must be in; the state table says which (`STAGE` in domain/states.ts). */
  from: ChunkState
  run: (chunk: ClaimedChunk, signal: AbortSignal) => Promise<StageResult>
  /** Tries what every chunk of this stage needs beside the database, without a chunk: resolves when it is there. */
  probe?: () => Promise<void>
}
