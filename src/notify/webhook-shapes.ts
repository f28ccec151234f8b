import Type, { type Static } from 'typebox'
import { CHOSEN_EVENTS } from './events.ts'
import type { ListedAttempt, Webhook } from './webhook.ts'

const closed = { additionalProperties: false }
const Instant = Type.String({ format: 'date-time' })
const Maybe = Type.Union([Instant, Type.Null()])
const Count = Type.Integer({ minimum: 0 })
const Events = Type.Array(Type.Union(CHOSEN_EVENTS.map((type) => Type.Literal(type))), {
  minItems: 1,
  maxItems: CHOSEN_EVENTS.length,
  uniqueItems: true,
})
const Name = Type.String({
  pattern: '^[a-z][a-z0-9-]{0,39}$',
  examples: ['utama'],
  description: 'the platform’s own name for it',
})
const Secret = Type.String({
  examples: ['whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw'],
  description: 'signs what is sent, as Standard Webhooks has it; shown this once',
})

export const EVENT_ID = '^evt_[0-9a-f]{32}$'

export const WebhookPath = Type.Object({ name: Name }, closed)

/** What a platform says of a webhook. */
export const WebhookBody = Type.Object(
  {
    url: Type.String({
      maxLength: 1000,
      examples: ['https://carik.example/titian'],
      description: 'https, without a password',
    }),
    events: Events,
  },
  closed,
)

const WEBHOOK = {
  name: Type.String(),
  platform: Type.String(),
  url: Type.String(),
  events: Type.Array(Type.String()),
  state: Type.Union([Type.Literal('enabled'), Type.Literal('disabled')]),
  disabled_at: Maybe,
  disabled_reason: Type.Union([Type.Literal('gone'), Type.Literal('failing'), Type.Null()], {
    description: 'it answered 410, or nothing arrived in three days',
  }),
  failures: Type.Integer({ minimum: 0, description: 'failures in a row' }),
  resting_until: Type.Union([Instant, Type.Null()], { description: 'until when it is left alone after a failure' }),
  delivered_at: Type.Union([Instant, Type.Null()], { description: 'when something arrived last' }),
  due: Type.Integer({ minimum: 0, description: 'messages that wait' }),
  failed: Type.Integer({ minimum: 0, description: 'messages that were given up; a replay sends them again' }),
  earlier_secret_until: Type.Union([Instant, Type.Null()], { description: 'until when the earlier secret signs too' }),
  created_at: Instant,
  updated_at: Instant,
}

export const WebhookView = Type.Object(WEBHOOK, { $id: 'Webhook', ...closed })
export const NewWebhook = Type.Object({ ...WEBHOOK, secret: Secret }, { $id: 'NewWebhook', ...closed })
export const WebhookPage = Type.Object(
  { webhooks: Type.Array(Type.Ref('Webhook#')), next: Type.Union([Type.String(), Type.Null()]) },
  { $id: 'WebhookPage', ...closed },
)

export const RotateBody = Type.Object(
  {
    overlap_hours: Type.Integer({ minimum: 0, maximum: 168, description: 'how long the present secret signs too' }),
  },
  closed,
)
export const Rotated = Type.Object({ secret: Secret, earlier_secret_until: Maybe }, { $id: 'RotatedSecret', ...closed })

export const TestSent = Type.Object(
  { event: Type.String({ description: 'its way is in the list of attempts' }) },
  { $id: 'WebhookTest', ...closed },
)

export const ReplayBody = Type.Object({ from: Instant, to: Instant }, { ...closed, description: '`to` is not in it' })
export const Replayed = Type.Object(
  {
    events: Type.Integer({ minimum: 0, description: 'how many are sent again, under the ids that they have' }),
    next: Type.Union([Instant, Type.Null()], { description: '`from` of the next call when there are more' }),
  },
  { $id: 'WebhookReplay', ...closed },
)

export const AttemptView = Type.Object(
  {
    event: Type.String({ description: 'the `webhook-id` that was sent' }),
    type: Type.String(),
    number: Type.Integer({ minimum: 1 }),
    started_at: Instant,
    milliseconds: Type.Union([Count, Type.Null()]),
    result: Type.Union([Type.String(), Type.Null()], {
      description:
        '`delivered`, `gone`, `refused` (by the status), `timeout`, `address-private`, or the code of what failed, as ' +
        '`ECONNREFUSED`; null while it is under way, and where its process ended in the middle',
      examples: ['delivered'],
    }),
    status: Type.Union([Type.Integer(), Type.Null()]),
    next_try_at: Maybe,
  },
  { $id: 'WebhookAttempt', ...closed },
)
export const AttemptPage = Type.Object(
  { attempts: Type.Array(Type.Ref('WebhookAttempt#')), next: Type.Union([Type.String(), Type.Null()]) },
  { $id: 'WebhookAttemptPage', ...closed },
)

/** A webhook as the API shows it. */
export function viewOfWebhook(webhook: Webhook): Static<typeof WebhookView> {
  const { name, platform, url, events, failures, due, failed, disabledReason } = webhook
  return {
    name,
    platform,
    url,
    events,
    state: webhook.disabledAt === null ? 'enabled' : 'disabled',
    disabled_at: textOf(webhook.disabledAt),
    disabled_reason: disabledReason,
    failures,
    resting_until: textOf(webhook.restUntil),
    delivered_at: textOf(webhook.deliveredAt),
    due,
    failed,
    earlier_secret_until: textOf(webhook.earlierUntil),
    created_at: webhook.createdAt.toISOString(),
    updated_at: webhook.updatedAt.toISOString(),
  }
}

/** An attempt as the API shows it. */
export function viewOfAttempt(attempt: ListedAttempt): Static<typeof AttemptView> {
  const { event, type, number, startedAt, milliseconds, result, status, nextAt } = attempt
  return {
    event,
    type,
    number,
    started_at: startedAt.toISOString(),
    milliseconds,
    result,
    status,
    next_try_at: textOf(nextAt),
  }
}

export function textOf(at: Date | null): string | null {
  return at?.toISOString() ?? null
}

/** Shapes that the document keeps one definition of. */
export const NOTIFY_SHAPES = [
  WebhookView,
  NewWebhook,
  WebhookPage,
  Rotated,
  TestSent,
  Replayed,
  AttemptView,
  AttemptPage,
]
