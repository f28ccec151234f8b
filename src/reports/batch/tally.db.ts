import type { Pool } from 'pg'
import type { BatchId } from '../../domain/ids.ts'
import type { BatchView } from '../../engine/batch-view.sql.ts'
import { onePass } from '../../io/one-pass.ts'
import { createLru } from '../../trust/keys/lru.ts'
import { type ChunkReport, readReports } from '../findings.sql.ts'
import { type FindingTally, TallyOfBatch } from './tally.ts'

const REPORTS = 20
const KEPT = 200

/** Counts what was found in a batch. */
export type ReadTally = (batch: Pick<BatchView, 'id' | 'settled_at' | 'counts'>) => Promise<FindingTally>

/**
 * Counts the findings of batches, one batch at a time in this process; of a settled one the last counts are kept. Throws `too-many`
 * where several wait already.
 */
export function tallyReader(db: Pool): ReadTally {
  const kept = createLru<FindingTally>(KEPT)
  const count = onePass((batch: BatchId) => countAll(db, batch))
  return async ({ id, settled_at: settled, counts }) => {
    // A release takes findings away, and makes the batch settled at another moment.
    const name = `${id} ${settled} ${counts.held}`
    const known = settled === null ? undefined : kept.get(name)
    const tally = known ?? (await count(id as BatchId))
    if (settled !== null) kept.set(name, tally)
    return tally
  }
}

/** Reads report after report: memory is bounded by some chunks, whatever the size of the batch. */
async function countAll(db: Pool, batch: BatchId): Promise<FindingTally> {
  const tally = new TallyOfBatch()
  let from = { firstLine: 0, stage: 0, taken: 0 }
  let chunk: ChunkReport[] = []
  const close = () => tally.add(chunk.flatMap(({ findings }) => findings))
  for (;;) {
    const reports = await readReports(db, batch, from, REPORTS)
    for (const report of reports) {
      if (chunk[0] !== undefined && chunk[0].chunk !== report.chunk) {
        close()
        chunk = []
      }
      chunk.push(report)
    }
    const last = reports.at(-1)
    if (last === undefined || reports.length < REPORTS) break
    from = { firstLine: last.firstLine, stage: last.stage + 1, taken: 0 }
  }
  close()
  return tally.end()
}
