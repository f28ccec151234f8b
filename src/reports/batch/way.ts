import type { ChunkState } from '../../domain/states.ts'

/** How far a batch is: its chunks by state, and when its deliveries were made, sent and acknowledged, first and last. */
export type BatchWay = {
  chunks: Partial<Record<ChunkState, number>>
  composed: Span
  sent: Span
  acknowledged: Span
  /** When the first and the last of its chunks was settled. */
  settled: Span
  /** What BPS said of the subjects that its records made: results, and the last of them. */
  results: { count: number; lastAt: Date | null }
  receipt: { edition: number; size: number; signedAt: Date | null } | null
}

export type Span = { first: Date | null; last: Date | null; count: number }

/** A delivery of a batch, for its page. */
export type BatchDelivery = {
  id: string
  status: string
  records: number
  attempts: number
  last_answer: string | null
  composed_at: Date
  acknowledged_at: Date | null
  refused: number
}
