import type { Level } from '../../domain/entry.ts'
import type { SubjectId } from '../../domain/ids.ts'
import type { ResultFinding } from '../findings.ts'
import type { SubjectName } from './stated.ts'

/** What the register knows of the names that a chunk uses. */
export type KnownNames = {
  living: ReadonlyMap<SubjectId, SubjectId>
  numbers: Readonly<Record<Level, ReadonlyMap<string, ReadonlySet<SubjectId>>>>
}

/** The subject that a name means, by the id it goes by now; else what is wrong with the name. */
export function identify(
  { id, number }: SubjectName,
  level: Level,
  { living, numbers }: KnownNames,
): { subject: SubjectId } | { finding: ResultFinding } {
  const ofId = id === undefined ? undefined : living.get(id)
  if (id !== undefined && ofId === undefined) return { finding: 'result-subject-unknown' }
  if (number === undefined) return ofId === undefined ? { finding: 'result-subject-missing' } : { subject: ofId }
  const found = numbers[level].get(number) ?? new Set()
  if (ofId !== undefined) return found.has(ofId) ? { subject: ofId } : { finding: 'result-subject-ambiguous' }
  const [subject] = found
  if (subject === undefined) return { finding: 'result-subject-unknown' }
  return found.size === 1 ? { subject } : { finding: 'result-subject-ambiguous' }
}
