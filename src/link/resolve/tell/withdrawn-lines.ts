import type { WithdrawnLine } from '../../../domain/golden.ts'
import type { BatchId, FamilyId, PersonId } from '../../../domain/ids.ts'
import type { WithdrawalReason } from '../../../domain/withdrawal.ts'
import type { Subject } from '../../subjects/subject.ts'
import { entriesBehind } from './golden-line.ts'

/** A subject that no source record is left of, and that no record names. */
export type WithdrawnSubject = {
  subject: Subject
  reason: WithdrawalReason
  /** Lines of the entries that took its records away. */
  lines: ReadonlySet<number>
}

/** The lines that tell BPS of subjects that end, in the version after the last told. One that BPS never heard of ends silently. */
export function withdrawnLines(withdrawn: readonly WithdrawnSubject[], batch: BatchId): WithdrawnLine[] {
  return withdrawn.flatMap(({ subject, reason, lines }): WithdrawnLine[] => {
    if (subject.version === 0) return []
    const tail = { version: subject.version + 1, entries: entriesBehind(batch, lines), reason }
    return subject.level === 'keluarga'
      ? [{ kind: 'withdrawn', subject: subject.id as FamilyId, level: 'keluarga', ...tail }]
      : [{ kind: 'withdrawn', subject: subject.id as PersonId, level: 'individu', ...tail }]
  })
}
