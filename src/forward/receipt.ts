import Type, { type Static } from 'typebox'
import Value from 'typebox/value'
import type { Manifest } from './manifest.ts'

const closed = { additionalProperties: false }

/** Characters of a signed receipt, at most; one as openapi/receiver.yaml has it takes some 700. */
export const MOST_JWS = 4096

/** A record that the receiver would not take, by subject, with the receiver's own reason. */
export const RecordRefusal = Type.Object(
  {
    subject: Type.String({ pattern: '^(per|fam)_[0-9a-hjkmnp-tv-z]{26}$' }),
    code: Type.String({ pattern: '^[a-z0-9]([a-z0-9-]{0,62}[a-z0-9])?$' }),
  },
  closed,
)
export type RecordRefusal = Static<typeof RecordRefusal>

/** What the receiver says once a delivery has had its effect; unknown members are its own affair. */
export const DeliveryReceipt = Type.Object({
  delivery: Type.String(),
  digest: Type.String(),
  records: Type.Integer({ minimum: 0 }),
  refused: Type.Array(RecordRefusal, { maxItems: 200_000 }),
  jws: Type.Optional(Type.String({ maxLength: MOST_JWS })),
})
export type DeliveryReceipt = Static<typeof DeliveryReceipt>

/** The receipt in an answer, if it is one for this very delivery and its sums close: every line taken or refused. */
export function receiptFor(manifest: Manifest, answer: unknown): DeliveryReceipt | undefined {
  if (!Value.Check(DeliveryReceipt, answer)) return undefined
  const { delivery, digest, records, refused, jws } = answer
  if (delivery !== manifest.delivery || digest !== manifest.digest) return undefined
  if (records !== manifest.records.keluarga + manifest.records.individu - refused.length) return undefined
  if (new Set(refused.map(({ subject }) => subject)).size !== refused.length) return undefined
  return { delivery, digest, records, refused, ...(jws !== undefined && { jws }) }
}
