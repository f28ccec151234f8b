import { hash, type KeyObject } from 'node:crypto'
import Type, { type Static } from 'typebox'
import Value from 'typebox/value'
import type { Signer } from '../../trust/keys/signing-keys.ts'
import { openStatement, signStatement } from '../../trust/signatures/statement.ts'
import { digestText, type Manifest } from '../manifest.ts'
import type { DeliveryReceipt, RecordRefusal } from '../receipt.ts'

/** The `typ` of a receiver's signed receipt. */
const RECEIPT_TYPE = 'titian-receipt+jws'

const Digest = Type.String({ pattern: '^sha-256=:[A-Za-z0-9+/]{43}=:$' })
const Count = Type.Integer({ minimum: 0 })

/** What a receiver signs: which delivery of which batch it took, by digest and counts. Other members are its own affair. */
const ReceiptStatement = Type.Object({
  delivery: Type.String(),
  batch: Type.String(),
  digest: Digest,
  entries: Count,
  records: Count,
  refused: Count,
  refused_digest: Digest,
  iat: Type.Integer({ minimum: 0, description: 'when it was taken, in seconds of Unix time' }),
})
export type ReceiptStatement = Static<typeof ReceiptStatement>

/** Whose signatures under receipts are believed, and whether a receipt without one is believed at all. */
export type ReceiptPolicy = { isRequired: boolean; find(keyid: string): KeyObject | undefined }

/** Why a receipt is not believed although its sums close. */
export type AttestFault =
  | 'receipt-unsigned'
  | 'receipt-key-unknown'
  | 'receipt-signature-wrong'
  | 'receipt-signed-other'

/** A receipt whose signature holds names the key; one that is taken without any, or without a look at it, names none. */
export type Attested = DeliveryReceipt & { keyid?: string }

/** What a manifest and a receipt say of a delivery, as its receiver signs it. */
export type DeliveryFacts = Pick<Manifest, 'delivery' | 'batch' | 'digest' | 'entries'> &
  Pick<DeliveryReceipt, 'records' | 'refused'>

/** SHA-256 over what was refused, a line `subject code` each, in the order of the receipt. */
export function refusedDigest(refused: readonly RecordRefusal[]): string {
  return digestText(hash('sha256', refused.map(({ subject, code }) => `${subject} ${code}\n`).join(''), 'buffer'))
}

/** Signs a receipt as a receiver does; `takenAt` is the same whenever it is asked for. */
export function signDeliveryReceipt(delivered: DeliveryFacts, takenAt: Date, signer: Signer): Promise<string> {
  const says: ReceiptStatement = { ...factsOf(delivered), iat: Math.floor(takenAt.getTime() / 1000) }
  return signStatement(says, RECEIPT_TYPE, signer)
}

/**
 * Holds the signature of a receipt against its policy; without a policy it is kept and not looked at. One that does not hold is never
 * passed over, even where none is demanded.
 */
export async function attest(
  receipt: DeliveryReceipt,
  manifest: Manifest,
  policy: ReceiptPolicy | undefined,
): Promise<Attested | AttestFault> {
  if (policy === undefined) return receipt
  if (receipt.jws === undefined) return policy.isRequired ? 'receipt-unsigned' : receipt
  const found = await openReceiptStatement(receipt.jws, policy.find)
  if (typeof found === 'string') return found
  const facts = factsOf({ ...manifest, ...receipt })
  for (const [name, value] of Object.entries(facts))
    if (found.says[name as keyof typeof facts] !== value) return 'receipt-signed-other'
  return { ...receipt, keyid: found.keyid }
}

/** Opens what a receiver signed, wherever it was kept. */
export async function openReceiptStatement(
  jws: string,
  find: ReceiptPolicy['find'],
): Promise<{ keyid: string; says: ReceiptStatement } | AttestFault> {
  const found = await openStatement(jws, RECEIPT_TYPE, find)
  if (found === 'key-unknown') return 'receipt-key-unknown'
  if (typeof found === 'string' || !Value.Check(ReceiptStatement, found.says)) return 'receipt-signature-wrong'
  return { keyid: found.keyid, says: found.says }
}

function factsOf({ delivery, batch, digest, entries, records, refused }: DeliveryFacts): Omit<ReceiptStatement, 'iat'> {
  return { delivery, batch, digest, entries, records, refused: refused.length, refused_digest: refusedDigest(refused) }
}
