import type { Config } from './config.ts'
import { TitianError } from './domain/error.ts'
import type { ReceiptPolicy } from './forward/receipts/attest.ts'
import { keysInFile } from './trust/keys/jwks.file.ts'

/** Whose signatures under receipts are believed, by the settings; undefined where they name no key. */
export function receiptsOf({
  RECEIPTS,
  RECEIPT_KEYS_FILE,
}: Pick<Config, 'RECEIPTS' | 'RECEIPT_KEYS_FILE'>): ReceiptPolicy | undefined {
  const isRequired = RECEIPTS === 'signed'
  if (RECEIPT_KEYS_FILE !== undefined) return { isRequired, find: keysInFile(RECEIPT_KEYS_FILE) }
  if (isRequired)
    throw new TitianError('config-invalid', 'RECEIPTS is signed: name the receiver’s public keys in RECEIPT_KEYS_FILE')
  return undefined
}
