import type { PoolClient } from 'pg'
import type { WithdrawnLine } from '../../../domain/golden.ts'
import type { BatchId, FamilyId, PersonId } from '../../../domain/ids.ts'
import type { WithdrawalReason } from '../../../domain/withdrawal.ts'
import { withdrawSubjects } from '../../subjects/removal.sql.ts'
import type { Subject } from '../../subjects/subject.ts'
import { entriesBehind } from './golden-line.ts'

/** A subject that no source record is left of, and that no record names. */
export type WithdrawnSubject = {
  subject: Subject
  reason: WithdrawalReason
  /** Lines of the entries that took its records away. */
  lines: ReadonlySet<number>
}

/** Ends subjects, and makes the lines that tell BPS so, in the version after the last told. One that BPS never heard of ends silently. */
export async function withdrawnLines(
  tx: PoolClient,
  withdrawn: readonly WithdrawnSubject[],
  batch: BatchId,
): Promise<WithdrawnLine[]> {
  await withdrawSubjects(
    tx,
    withdrawn.map(({ subject }) => subject.id),
  )
  return withdrawn.flatMap(({ subject, reason, lines }): WithdrawnLine[] => {
    if (subject.version === 0) return []
    const tail = { version: subject.version + 1, entries: entriesBehind(batch, lines), reason }
    return subject.level === 'keluarga'
      ? [{ kind: 'withdrawn', subject: subject.id as FamilyId, level: 'keluarga', ...tail }]
      : [{ kind: 'withdrawn', subject: subject.id as PersonId, level: 'individu', ...tail }]
  })
}
