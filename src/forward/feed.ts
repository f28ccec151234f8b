import Type, { type Static } from 'typebox'
import { digestText, Manifest } from './manifest.ts'
import { MOST_JWS, RecordRefusal } from './receipt.ts'

const closed = { additionalProperties: false }

const AcknowledgedAt = Type.Union([Type.String({ format: 'date-time' }), Type.Null()])
const Digest = Type.String({ pattern: '^sha-256=:[A-Za-z0-9+/]{43}=:$' })
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
    platform: Type.Optional(
      Type.String({ pattern: '^[a-z0-9][a-z0-9-]{0,62}$', description: 'only what this platform pushed' }),
    ),
    region: Type.Optional(
      Type.String({
        pattern: '^([0-9]{2}|[0-9]{4}|[0-9]{7})$',
        description:
          'only deliveries that hold a record of this province, regency or district (BPS code), or one that cannot be placed',
      }),
    ),
    from: Type.Optional(Type.String({ format: 'date', description: 'composed on this day or later, by Jakarta time' })),
    to: Type.Optional(Type.String({ format: 'date', description: 'composed on this day or earlier, by Jakarta time' })),
    state: Type.Optional(
      Type.Unsafe<Static<typeof State>>({
        ...State,
        description: 'as it is now: it changes, so page through such a list from 0, and poll without it',
      }),
    ),
    wait: Type.Optional(
      Type.String({
        pattern: '^(0|[1-9]|1[0-9]|2[0-5])$',
        description: 'seconds to wait until there is something after the position: 0 to 25',
      }),
    ),
  },
  closed,
)

/** One delivery in the feed, as lists show it. */
export const FeedItemView = {
  position: Type.String({ description: 'place in the feed; rises, with gaps' }),
  state: State,
  acknowledged_at: AcknowledgedAt,
  previous: Type.Union([Digest, Type.Null()], {
    description: '`digest` of the delivery before in the whole feed, without filters; null at its beginning',
  }),
  chain: Type.Unsafe<string>({
    ...Digest,
    description: 'SHA-256 over the bytes of the `chain` before (32 zero bytes at the beginning) and of `digest`',
  }),
  manifest: Manifest,
}

/** One page of the feed of deliveries. */
export const Feed = Type.Object(
  {
    deliveries: Type.Array(Type.Object(FeedItemView, closed)),
    next: Type.String({ description: 'the `after` of the next page; at the end of the feed, of the next poll' }),
  },
  closed,
)
export type Feed = Static<typeof Feed>

/** A delivery of the feed as it is stored; `previous` is the SHA-256 of the one before in the whole feed. */
export type FeedItem = {
  position: string
  manifest: Manifest
  state: Static<typeof State>
  acknowledgedAt: Date | null
  previous: Buffer | null
  chain: Buffer
}

/** A delivery of the feed as lists show it. */
export function feedItem({
  position,
  state,
  manifest,
  acknowledgedAt,
  previous,
  chain,
}: FeedItem): Feed['deliveries'][number] {
  return {
    position,
    state,
    acknowledged_at: acknowledgedAt?.toISOString() ?? null,
    previous: previous === null ? null : digestText(previous),
    chain: digestText(chain),
    manifest,
  }
}

export const LeaseId = Type.String({ pattern: '^lse_[0-9a-hjkmnp-tv-z]{26}$' })

/** Which table of a delivery is wanted; only CSV and Parquet are tables. */
export const RecordsQuery = Type.Object(
  {
    level: Type.Optional(
      Type.Unsafe<'keluarga' | 'individu'>({
        type: 'string',
        enum: ['keluarga', 'individu'],
        description: 'families or persons: needed for CSV and Parquet, not for NDJSON, which holds both',
      }),
    ),
  },
  closed,
)

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
    lease: Type.Optional(Type.Unsafe<string>({ ...LeaseId, description: 'the lease that the delivery was taken on' })),
    jws: Type.Optional(
      Type.String({
        maxLength: MOST_JWS,
        description: 'the acknowledgement signed, as the `jws` of a receipt in openapi/receiver.yaml',
      }),
    ),
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
