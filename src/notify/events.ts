import Type, { type Static, type TObject } from 'typebox'

const closed = { additionalProperties: false }
const Count = Type.Integer({ minimum: 0 })
const Day = Type.String({ format: 'date' })

const BatchSettled = Type.Object(
  {
    batch: Type.String(),
    dataset: Type.String(),
    received: Count,
    new: Count,
    updated: Count,
    unchanged: Count,
    rejected: Count,
    held: Count,
  },
  closed,
)

const ResultsAvailable = Type.Object({ results: Count }, closed)

const DeliveryRefused = Type.Object(
  {
    delivery: Type.String(),
    batch: Type.String(),
    of: Type.Union([Type.Literal('delivery'), Type.Literal('records')], {
      description: 'whether the delivery was refused as a whole, or records of it',
    }),
    records: Count,
    refused: Count,
  },
  closed,
)

const AgreementEnding = Type.Object(
  {
    agreement: Type.String(),
    valid_to: Day,
    days_left: Type.Integer({ minimum: 0, description: '0 on its last day' }),
  },
  closed,
)

const AgreementOverdue = Type.Object(
  {
    agreement: Type.String(),
    cadence_days: Type.Integer({ minimum: 1, description: 'within which a batch was promised' }),
    days: Type.Integer({ minimum: 1, description: 'since the last one, or since the agreement began' }),
    last_pushed: Type.Union([Day, Type.Null()]),
  },
  closed,
)

const GatewayRestored = Type.Object(
  {
    restored_at: Type.String({ format: 'date-time' }),
    last_batch: Type.Union([Type.String(), Type.Null()], {
      description: 'the last batch of the platform that is still known: what was pushed after it is to be pushed again',
    }),
    last_received_at: Type.Union([Type.String({ format: 'date-time' }), Type.Null()]),
  },
  closed,
)

const CorrectionAsked = Type.Object(
  {
    correction: Type.String({ description: 'read it by `GET /v1/corrections`' }),
    dataset: Type.String(),
    due_at: Type.String({ format: 'date-time', description: 'by law: 3 × 24 hours after the person asked' }),
  },
  closed,
)

const WebhookTest = Type.Object({ webhook: Type.String() }, closed)

/** What a webhook may tell, with the shape of its data: ids and counts, never a personal value. */
export const EVENT_DATA = {
  'batch.settled': BatchSettled,
  'results.available': ResultsAvailable,
  'delivery.refused': DeliveryRefused,
  'agreement.ending': AgreementEnding,
  'agreement.overdue': AgreementOverdue,
  'gateway.restored': GatewayRestored,
  'correction.asked': CorrectionAsked,
  'webhook.test': WebhookTest,
} as const satisfies Record<string, TObject>

export type EventType = keyof typeof EVENT_DATA
type EventData<T extends EventType = EventType> = Static<(typeof EVENT_DATA)[T]>

/** What a platform can choose to be told; a test is sent to whoever asks for it. */
export const CHOSEN_EVENTS = [
  'batch.settled',
  'results.available',
  'delivery.refused',
  'agreement.ending',
  'agreement.overdue',
  'gateway.restored',
  'correction.asked',
] as const
export type ChosenEvent = (typeof CHOSEN_EVENTS)[number]

/** An event that is to be told to a platform. Of a `name` there is one event at most, however often it is noted. */
export type NewEvent<T extends EventType = EventType> = {
  [K in T]: { platform: string; type: K; name?: string; data: EventData<K> }
}[T]

/** The body of a message, as https://www.standardwebhooks.com has it: the same bytes at every attempt. */
export function bodyOf(event: { type: EventType; occurredAt: Date; data: object }): string {
  return JSON.stringify({ type: event.type, timestamp: event.occurredAt.toISOString(), data: event.data })
}
