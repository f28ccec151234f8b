import Type, { type Static } from 'typebox'

const closed = { additionalProperties: false }

/** What a delivery holds, without a personal value: it travels in a header, in the feed and in logs. */
export const Manifest = Type.Object(
  {
    delivery: Type.String({
      pattern: '^dlv_[0-9a-hjkmnp-tv-z]{26}$',
      description: 'id; the receiver de-duplicates on it',
    }),
    batch: Type.String({ description: 'the batch whose entries changed these records' }),
    platform: Type.String({ description: 'the regional platform that pushed the batch' }),
    dataset: Type.String({ description: 'the dataset of the batch' }),
    agreement: Type.String({ description: 'number of the agreement (MoU or PKS) that the batch was pushed under' }),
    schema: Type.String({ description: 'version of the canonical schema of the records' }),
    records: Type.Object(
      {
        keluarga: Type.Integer({ minimum: 0, description: 'lines that are families' }),
        individu: Type.Integer({ minimum: 0, description: 'lines that are persons' }),
      },
      closed,
    ),
    entries: Type.Integer({ minimum: 0, description: 'different entries of the batch that stand behind the lines' }),
    media_type: Type.Literal('application/x-ndjson'),
    content_encoding: Type.Literal('zstd'),
    bytes: Type.Integer({ minimum: 1, description: 'length of the content as delivered (compressed)' }),
    digest: Type.String({
      pattern: '^sha-256=:[A-Za-z0-9+/]{43}=:$',
      description: 'Content-Digest (RFC 9530) of the content as delivered (compressed)',
    }),
    composed_at: Type.String({ format: 'date-time' }),
    feed: Type.Optional(
      Type.String({
        pattern: '^[0-9a-f]{12}$',
        description: 'epoch of the feed; another than before says that the gateway was restored to an older copy',
      }),
    ),
  },
  { ...closed, $id: 'Manifest', title: 'Manifest of a delivery' },
)
export type Manifest = Static<typeof Manifest>

/** A SHA-256 as a Content-Digest value (RFC 9530). */
export function digestText(sha256: Buffer): string {
  return `sha-256=:${sha256.toString('base64')}:`
}

/** The manifest as a header: a structured-field byte sequence (RFC 9651) of its JSON. */
export function manifestHeader(manifest: Manifest): string {
  return `:${Buffer.from(JSON.stringify(manifest)).toString('base64')}:`
}
