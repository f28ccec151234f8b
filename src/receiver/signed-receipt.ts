import { hash } from 'node:crypto'
import type { Signer } from '../trust/keys/signing-keys.ts'
import { signStatement } from '../trust/signatures/statement.ts'
import type { ArrivalReceipt } from './arrival.ts'

/** A delivery that was taken, as far as its receipt speaks of it. */
export type TakenDelivery = { receipt: ArrivalReceipt; batch: string; entries: number; takenAt: Date }

const TYPE = 'titian-receipt+jws'

/** A receipt with its signature, as openapi/receiver.yaml has it; asked again it is the same to the last byte. */
export async function signedReceipt(
  { receipt, batch, entries, takenAt }: TakenDelivery,
  signer: Signer,
): Promise<ArrivalReceipt & { jws: string }> {
  const { delivery, digest, records, refused } = receipt
  const lines = refused.map(({ subject, code }) => `${subject} ${code}\n`).join('')
  const says = {
    ...{ delivery, batch, digest, entries, records },
    refused: refused.length,
    refused_digest: `sha-256=:${hash('sha256', lines, 'base64')}:`,
    iat: Math.floor(takenAt.getTime() / 1000),
  }
  return { ...receipt, jws: await signStatement(says, TYPE, signer) }
}
