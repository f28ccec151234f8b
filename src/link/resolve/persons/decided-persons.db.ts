import type { PoolClient } from 'pg'
import type { BatchId, SubjectId } from '../../../domain/ids.ts'
import { recordsOfDecisions } from '../../review/decision.sql.ts'
import { readRecordsByKey } from '../../subjects/source.sql.ts'

/** The persons of the records that the decisions of a batch are about. */
export async function personsOfDecisions(tx: PoolClient, batch: BatchId): Promise<Set<SubjectId>> {
  const rows = await readRecordsByKey(tx, await recordsOfDecisions(tx, batch))
  return new Set(rows.map(({ subject }) => subject))
}
