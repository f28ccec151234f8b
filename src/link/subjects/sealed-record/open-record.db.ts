import { type AgreedCoverage, narrow } from '../../../trust/agreements/coverage.ts'
import { aad, type Vault } from '../../../trust/keys/vault.ts'
import type { KeptRecord } from '../../compare/features.ts'
import type { StoredRecord } from '../source-record.ts'
import type { Index } from '../subject.ts'
import { readRecordText, writeRecordText } from './record-text.ts'

/** A record as it is stored: the JSON of what it says, sealed where it stands. */
export function sealRecord(
  { key, platform, text }: Pick<StoredRecord, 'key' | 'platform'> & { text: string },
  vault: Pick<Vault, 'seal'>,
): Buffer {
  return vault.seal(writeRecordText(text), placeOf(platform, key))
}

/** What a stored record says. Throws `sealed-invalid` when the bytes are not those of this record. */
export function openRecord(
  { key, platform, sealed }: Pick<StoredRecord, 'key' | 'platform' | 'sealed'>,
  vault: Pick<Vault, 'open'>,
): KeptRecord {
  const kept = vault.open(sealed, placeOf(platform, key)).toString('utf8')
  return JSON.parse(readRecordText(kept))
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

function placeOf(platform: string, key: Index): string {
  return aad(platform, 'source_record', key, 'record')
}
