import type { ChunkId } from '../../domain/ids.ts'
import type { ChunkState } from '../../domain/states.ts'

/** What lies before a stage for one platform: chunks, the state that the stage takes, and seconds. */
export type QueueFigures = {
  platform: string
  state: ChunkState
  chunks: number
  entries: number
  /** Chunks in the queues of the broker, and with a worker. */
  dispatched: number
  leased: number
  /** Chunks that were tried and wait until they are due again. */
  postponed: number
  /** Chunks that were claimed twice or more without getting on. */
  stuck: number
  /** How long ago the oldest of their batches was received, or what was released of it was. */
  oldestSeconds: number
}

/** A chunk that a worker has: since when, until when unless it says that it lives, and how often it was claimed. */
export type LeaseView = {
  chunk: ChunkId
  batch: string
  platform: string
  state: ChunkState
  entries: number
  attempts: number
  since: Date | null
  until: Date
}
