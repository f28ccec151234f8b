import { aad, type Vault } from './vault.ts'

// The row is not named: a reason is copied from a review to the decision that outlives it.
const PLACE = aad('titian', 'reason', '', 'text')

/** What a steward wrote, as text for a column: sealed, because free text may name a person. */
export function sealReason(vault: Pick<Vault, 'seal'>, text: string): string {
  return vault.seal(Buffer.from(text), PLACE).toString('base64')
}

/** The words of a steward again. */
export function openReason(vault: Pick<Vault, 'open'>, stored: string): string {
  return vault.open(Buffer.from(stored, 'base64'), PLACE).toString('utf8')
}
