/** How a delivery stands; `open` asks for all that nobody has acknowledged. */
export const DELIVERY_FILTERS = ['open', 'refused', 'acknowledged', 'all'] as const

export type DeliveryFilter = (typeof DELIVERY_FILTERS)[number]

export type ListedDelivery = {
  id: string
  batch: string
  platform: string
  position: string | null
  status: 'composed' | 'sent' | 'refused' | 'acknowledged'
  records: number
  attempts: number
  lastAnswer: string | null
  composedAt: Date
  acknowledgedAt: Date | null
  /** When it is tried again; null while a worker has it, and when it was acknowledged. */
  dueAt: Date | null
}

/** Where deliveries go: failures in a row, until when it is left alone, and what waits for it. */
export type Destination = { name: string; failures: number; openUntil: Date | null }

export type Backlog = {
  open: number
  entries: number
  oldestAt: Date | null
  lastAcknowledgedAt: Date | null
  /** Seconds from composed to acknowledged, the median of the last hundred. */
  usualSeconds: number | null
}
