import type { Pool } from 'pg'
import { TitianError } from '../../../domain/error.ts'
import { inTransaction } from '../../../io/postgres/postgres.ts'
import { appendAudit } from '../../../trust/audit/audit.sql.ts'
import { sealReason } from '../../../trust/keys/reason.ts'
import type { Vault } from '../../../trust/keys/vault.ts'
import { openRecord } from '../../subjects/sealed-record/open-record.db.ts'
import { readRecordsByKey } from '../../subjects/source.sql.ts'
import { estimateOf, seededRandom } from './estimate.ts'
import { saveLabel, selectLabelled, selectPair, selectRound } from './label.sql.ts'
import type { Label, LabelledRecord, LabelPair, LabelReport, ShownPair } from './label.ts'

const SEED = 1

/** Reads the newest round; undefined before the first. */
export async function readLabelReport(db: Pool): Promise<LabelReport | undefined> {
  const round = await selectRound(db)
  if (round === undefined) return undefined
  const strata = await selectLabelled(db, round)
  return { round, strata, estimate: estimateOf(strata, seededRandom(SEED)) }
}

/** Opens a pair for a steward; that they saw it is written down before they do. Throws `not-found`. */
export async function readPairForSteward(
  { db, vault }: { db: Pool; vault: Pick<Vault, 'open'> },
  round: string,
  place: number,
  by: string,
): Promise<ShownPair> {
  const pair = await selectPair(db, round, place)
  if (pair === undefined) throw new TitianError('not-found')
  await inTransaction(db, (tx) =>
    appendAudit(tx, { actor: by, action: 'label.read', object: round, details: { place } }),
  )
  const rows = new Map((await readRecordsByKey(db, [pair.a, pair.b])).map((row) => [row.key, row]))
  const opened = (key: string): LabelledRecord | null => {
    const row = rows.get(key)
    return row === undefined ? null : { platform: row.platform, dataset: row.dataset, record: openRecord(row, vault) }
  }
  return { ...pair, records: [opened(pair.a), opened(pair.b)] }
}

/** Takes a steward's label and writes it down in one transaction; it changes nothing about the two records. Throws `not-found`. */
export async function labelPair(
  { db, vault }: { db: Pool; vault: Pick<Vault, 'seal'> },
  pair: Pick<LabelPair, 'round' | 'place'>,
  { label, by, reason }: { label: Label; by: string; reason: string | undefined },
): Promise<void> {
  const sealed = reason === undefined ? null : sealReason(vault, reason)
  await inTransaction(db, async (tx) => {
    if (!(await saveLabel(tx, pair, { label, by, reason: sealed }))) throw new TitianError('not-found')
    const details = { place: pair.place, label, reason: sealed }
    await appendAudit(tx, { actor: by, action: 'label.given', object: pair.round, details })
  })
}
