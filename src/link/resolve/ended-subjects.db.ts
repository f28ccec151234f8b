import type { PoolClient } from 'pg'
import type { DeliveryLine, WithdrawnLine } from '../../domain/golden.ts'
import type { WithdrawalReason } from '../../domain/withdrawal.ts'
import { advanceVersions, endSubjects } from '../subjects/removal.sql.ts'
import type { Subject } from '../subjects/subject.ts'

/** A subject that no source record is left of. */
export type WithdrawnSubject = {
  subject: Subject
  reason: WithdrawalReason
  /** Entries of the chunk that took its records away. */
  entries: WithdrawnLine['entries']
  /** Persons name this family still: its id and what leads to it stay. */
  isNamed: boolean
}

/**
 * Ends subjects, and makes the lines that tell BPS so. One that BPS was never told of ends silently; one that `lines` tell of
 * already (a family that only its members name) gets no second line.
 */
export async function endWithdrawn(
  tx: PoolClient,
  withdrawn: readonly WithdrawnSubject[],
  lines: readonly DeliveryLine[],
): Promise<WithdrawnLine[]> {
  if (withdrawn.length === 0) return []
  const told = new Set(lines.map(({ subject }) => subject))
  const [named, ended] = [
    withdrawn.filter(({ subject, isNamed }) => isNamed && !told.has(subject.id)),
    withdrawn.filter(({ isNamed }) => !isNamed),
  ]
  await endSubjects(
    tx,
    ended.map(({ subject }) => subject.id),
  )
  await advanceVersions(
    tx,
    named.map(({ subject }) => subject.id),
  )
  return [...ended, ...named].filter(({ subject }) => subject.version > 0).map(lineOf)
}

function lineOf({ subject, reason, entries }: WithdrawnSubject): WithdrawnLine {
  const { id, level, version } = subject
  return { kind: 'withdrawn', subject: id, level, version: version + 1, entries, reason }
}
