import type { ChunkId } from '../../domain/ids.ts'

/** A delivery that a record went out in. */
export type DeliveryRow = {
  id: string
  chunk: ChunkId
  state: string
  status: string
  attempts: number
  last_reason: string | null
  composed_at: Date
  acknowledged_at: Date | null
  /** Which of the subjects asked for BPS would not take, by its receipt. */
  refused: { subject: string; code: string }[]
}
