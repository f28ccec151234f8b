import Type, { type Static } from 'typebox'
import type { BatchId, DeliveryId } from '../../domain/ids.ts'

/** How far a delivery is: made; on its way, unheard of; refused as it is; received, by its receipt. */
const DELIVERY_STATUSES = ['composed', 'sent', 'refused', 'acknowledged'] as const
export type DeliveryStatus = (typeof DELIVERY_STATUSES)[number]

/** A delivery that nobody has acknowledged, as those see it who operate the gateway. */
export type OpenDelivery = {
  id: DeliveryId
  batch: BatchId
  platform: string
  records: number
  status: DeliveryStatus
  attempts: number
  lastAnswer: string | null
  triedAt: Date | null
  composedAt: Date
  /** When it is tried next; null while a worker has it. */
  dueAt: Date | null
}

/** All that is known of one delivery and its way. */
export type DeliveryWay = OpenDelivery & {
  position: string | null
  entries: number
  sentAt: Date | null
  acknowledgedAt: Date | null
  acknowledgedBy: string | null
  /** The key under which BPS's signature of the receipt held. */
  signedBy: string | null
  refused: number
  resends: number
  resentAt: Date | null
  /** Whether its bytes are still kept. */
  isKept: boolean
}

const closed = { additionalProperties: false }
const Instant = Type.String({ format: 'date-time' })
const Maybe = Type.Union([Instant, Type.Null()])
const Count = Type.Integer({ minimum: 0 })

const OPEN = {
  delivery: Type.String(),
  batch: Type.String(),
  platform: Type.String(),
  records: Count,
  status: Type.Unsafe<DeliveryStatus>({
    type: 'string',
    enum: [...DELIVERY_STATUSES],
    description: 'composed: made; sent: on its way, and nothing heard; refused as it is; acknowledged by a receipt',
  }),
  attempts: Count,
  last_answer: Type.Union([Type.String(), Type.Null()], {
    description: 'what the receiver said last: `refused: status-422`, `busy for 120 s`, `failed: ECONNREFUSED`',
  }),
  tried_at: Maybe,
  composed_at: Instant,
  next_try_at: Type.Union([Instant, Type.Null()], { description: 'null while a worker has it, and once it is over' }),
}

/** A delivery that nobody has acknowledged, as a list shows it. */
export const OpenDeliveryItem = Type.Object(OPEN, closed)

/** One delivery and its way. */
export const DeliveryState = Type.Object(
  {
    ...OPEN,
    position: Type.Union([Type.String(), Type.Null()], { description: 'place in the feed; null before it has one' }),
    entries: Count,
    sent_at: Type.Union([Instant, Type.Null()], { description: 'when it was first pushed, or fetched by who pulls' }),
    acknowledged_at: Maybe,
    acknowledged_by: Type.Union([Type.String(), Type.Null()], { description: '`push`, or the client that pulled it' }),
    signed_by: Type.Union([Type.String(), Type.Null()], {
      description: 'key under which the signature of the receipt held; null: it has none, or nobody looked at it',
    }),
    refused: Type.Integer({ minimum: 0, description: 'records that the receipt does not take' }),
    resends: Type.Integer({ minimum: 0, description: 'how often it was ordered to be sent again' }),
    resent_at: Maybe,
    kept: Type.Boolean({ description: 'whether its bytes are kept; without them it cannot be sent again' }),
  },
  { ...closed, $id: 'DeliveryState', description: 'How far a delivery is' },
)

/** An open delivery as the API shows it. */
export function viewOfOpen(delivery: OpenDelivery): Static<typeof OpenDeliveryItem> {
  const { id, batch, platform, records, status, attempts, lastAnswer, triedAt, composedAt, dueAt } = delivery
  return {
    delivery: id,
    batch,
    platform,
    records,
    status,
    attempts,
    last_answer: lastAnswer,
    tried_at: text(triedAt),
    composed_at: composedAt.toISOString(),
    next_try_at: text(dueAt),
  }
}

/** A delivery and its way as the API shows them. */
export function viewOfWay(way: DeliveryWay): Static<typeof DeliveryState> {
  return {
    ...viewOfOpen(way),
    position: way.position,
    entries: way.entries,
    sent_at: text(way.sentAt),
    acknowledged_at: text(way.acknowledgedAt),
    acknowledged_by: way.acknowledgedBy,
    signed_by: way.signedBy,
    refused: way.refused,
    resends: way.resends,
    resent_at: text(way.resentAt),
    kept: way.isKept,
  }
}

function text(at: Date | null): string | null {
  return at?.toISOString() ?? null
}
