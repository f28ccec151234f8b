import Type, { type Static } from 'typebox'
import { Manifest } from './manifest.ts'
import { RecordRefusal } from './receipt.ts'

const closed = { additionalProperties: false }

const AcknowledgedAt = Type.Union([Type.String({ format: 'date-time' }), Type.Null()])
const State = Type.Union([Type.Literal('composed'), Type.Literal('acknowledged')])

export const FeedQuery = Type.Object(
  {
    after: Type.Optional(
      Type.String({
        pattern: '^(0|([0-9a-f]{12}-)?[1-9][0-9]{0,17})$',
        description: 'the `next` of the page before, as it is; 0 for the first',
      }),
    ),
    limit: Type.Optional(
      Type.String({ pattern: '^(1000|[1-9][0-9]{0,2})$', description: '1 to 1000; 100 if not given' }),
    ),
  },
  closed,
)

/** One page of the feed of deliveries. */
export const Feed = Type.Object(
  {
    deliveries: Type.Array(
      Type.Object(
        {
          position: Type.String({ description: 'place in the feed; rises, with gaps' }),
          state: State,
          acknowledged_at: AcknowledgedAt,
          manifest: Manifest,
        },
        closed,
      ),
    ),
    next: Type.String({ description: 'the `after` of the next page; at the end of the feed, of the next poll' }),
  },
  closed,
)
export type Feed = Static<typeof Feed>

export const DeliveryPath = Type.Object(
  { id: Type.String({ pattern: '^dlv_[0-9a-z]{26}$', description: 'id of the delivery' }) },
  closed,
)

export const AckBody = Type.Object(
  {
    digest: Type.String({
      maxLength: 128,
      description: 'the `digest` of the manifest, as proof that its bytes arrived',
    }),
    refused: Type.Optional(
      Type.Array(RecordRefusal, { maxItems: 200_000, description: 'records that were not taken; all others were' }),
    ),
  },
  closed,
)

/** The state of a delivery once it is acknowledged. */
export const Acknowledged = Type.Object(
  { delivery: Type.String(), state: State, acknowledged_at: AcknowledgedAt },
  closed,
)

/** A place in the feed as a puller keeps it: the epoch of the feed (empty in one from before there were epochs), the position. */
export type Cursor = { epoch: string; position: string }

export function parseFeedCursor(text: string): Cursor {
  const [position = '0', epoch = ''] = text.split('-').reverse()
  return { epoch, position }
}

export function formatFeedCursor({ epoch, position }: Cursor): string {
  return `${epoch}-${position}`
}
