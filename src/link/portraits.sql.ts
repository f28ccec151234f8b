import type { Pool } from 'pg'
import type { Vault } from '../trust/vault.ts'
import { type Portrait, portraitOf } from './portrait.ts'
import { openRecord, personRecordsAfter } from './source.sql.ts'

const PAGE = 5000

/** Portraits of up to `most` records of persons in the registry: their keys are hashes, so the first are a random sample. */
export async function readPortraits(db: Pool, vault: Pick<Vault, 'open'>, most: number): Promise<Portrait[]> {
  const portraits: Portrait[] = []
  let after = ''
  while (portraits.length < most) {
    const rows = await personRecordsAfter(db, after, Math.min(PAGE, most - portraits.length))
    for (const row of rows) {
      portraits.push(portraitOf(openRecord(row, vault), `${row.platform}|${row.dataset}`))
      after = row.key
    }
    if (rows.length < PAGE) break
  }
  return portraits
}
