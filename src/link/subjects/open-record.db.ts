import { type AgreedCoverage, narrow } from '../../trust/agreements/coverage.ts'
import { aad, type Vault } from '../../trust/keys/vault.ts'
import type { KeptRecord } from '../compare/features.ts'
import type { StoredRecord } from './source-record.ts'

/** What a stored record says. Throws `sealed-invalid` when the bytes are not those of this record. */
export function openRecord(
  { key, platform, sealed }: Pick<StoredRecord, 'key' | 'platform' | 'sealed'>,
  vault: Pick<Vault, 'open'>,
): KeptRecord {
  return JSON.parse(vault.open(sealed, aad(platform, 'source_record', key, 'record')).toString('utf8'))
}

/**
 * As `openRecord`, with only what the agreement of its platform covers today: what was kept under a wider one is told to nobody. Throws
 * `sealed-invalid`.
 */
export function openCovered(
  row: Pick<StoredRecord, 'key' | 'platform' | 'sealed'>,
  vault: Pick<Vault, 'open'>,
  coverage: AgreedCoverage,
): KeptRecord {
  const covered = coverage(row.platform)
  const record = openRecord(row, vault)
  return covered === undefined ? record : narrow(record, covered)
}
