import type { EventId, WebhookId } from '../domain/ids.ts'
import type { ChosenEvent, EventType } from './events.ts'

/** A webhook without its secrets. */
export type Webhook = {
  id: WebhookId
  platform: string
  name: string
  url: string
  events: ChosenEvent[]
  createdAt: Date
  updatedAt: Date
  earlierUntil: Date | null
  disabledAt: Date | null
  disabledReason: 'gone' | 'failing' | null
  deliveredAt: Date | null
  /** Failures in a row. */
  failures: number
  restUntil: Date | null
  /** Messages that wait, and messages that were given up. */
  due: number
  failed: number
}

/** One attempt, as the platform sees it. */
export type ListedAttempt = {
  event: EventId
  type: string
  number: number
  startedAt: Date
  milliseconds: number | null
  result: string | null
  status: number | null
  /** When the message is tried next; null when it is not, or is being tried. */
  nextAt: Date | null
}

/** One message of a webhook and how it fares. */
export type LoggedMessage = {
  event: EventId
  type: EventType
  occurredAt: Date
  state: 'due' | 'delivered' | 'failed'
  attempts: number
  /** What the last attempt came to, and the status that was answered; null before there is one, and while one is under way. */
  result: string | null
  status: number | null
  triedAt: Date | null
  /** When it is tried next; null when it is not, or is being tried. */
  nextAt: Date | null
}
