import type { Pool } from 'pg'
import type { SweepTask } from '../../engine/sweep.ts'
import { newId } from '../../io/ids.ts'
import { inTransaction } from '../../io/postgres/postgres.ts'
import type { Vault } from '../../trust/keys/vault.ts'
import { withIndexes } from '../../trust/reindex/gate.db.ts'
import { recordsUnderReview } from '../review/review.sql.ts'
import { atSize, hasMoved, stepOf } from '../score/at-size.ts'
import type { ScoringModel } from '../score/evidence.ts'
import { noteChange } from '../subjects/marks.sql.ts'
import { estimateRecords, readSize, saveSize } from '../subjects/size.sql.ts'
import { lockSubjects } from '../subjects/subjects.sql.ts'
import { openOwnRecords } from './relink.db.ts'

const MINUTE = 60_000

export type SizeDeps = { vault: Pick<Vault, 'seal'>; scoringModel: ScoringModel; crash(point: string): void }

/** Lets the threshold of possible matches follow the size of the registry. */
export function sizeTask(deps: SizeDeps): SweepTask {
  return { name: 'registry-size', everyMs: MINUTE, run: (db) => followSize(db, deps) }
}

/**
 * Notes how large the registry is. Where a larger one asks for more, the open possible matches are judged again by a batch of our own.
 * Gives 1 when the size was another one, else 0.
 */
export async function followSize(db: Pool, { vault, scoringModel, crash }: SizeDeps): Promise<number> {
  const records = await estimateRecords(db)
  if (records === undefined) return 0
  const step = stepOf(records)
  if (!hasMoved(await readSize(db), step)) return 0
  await inTransaction(db, async (tx) => {
    await withIndexes(tx)
    // Who has judged by the size of before and not committed yet does it again.
    await lockSubjects(tx)
    const before = atSize(scoringModel, await readSize(tx)).thresholds.unsure
    await saveSize(tx, step)
    await noteChange(tx, null)
    if (atSize(scoringModel, step).thresholds.unsure > before) {
      const asked = await recordsUnderReview(tx)
      const own = { id: newId('bat'), kind: 'relink', about: 'registry-size' } as const
      if (asked.length > 0) await openOwnRecords(tx, vault, own, asked)
    }
    crash('registry-size:before-commit')
  })
  return 1
}
