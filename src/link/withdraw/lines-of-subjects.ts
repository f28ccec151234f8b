import type { SubjectId } from '../../domain/ids.ts'
import type { ClusterMember } from '../cluster/grouping.ts'

/** Which lines of a withdrawal took records from which subject. */
export type LinesOfSubjects = {
  persons: ReadonlyMap<SubjectId, ReadonlySet<number>>
  families: ReadonlyMap<SubjectId, ReadonlySet<number>>
  /** The line behind what becomes of records of which none was taken: that of their own person, else the last one. */
  lineOf: (members: readonly ClusterMember[]) => number
}

/** Gathers the lines by subject; there is at least one record. */
export function linesOfSubjects(gone: readonly { subject: SubjectId; takenBy: number }[]): LinesOfSubjects {
  const persons = new Map<SubjectId, Set<number>>()
  const families = new Map<SubjectId, Set<number>>()
  for (const { subject, takenBy } of gone) {
    const lines = subject.startsWith('fam_') ? families : persons
    const own = lines.get(subject)
    if (own) own.add(takenBy)
    else lines.set(subject, new Set([takenBy]))
  }
  const last = gone.reduce((line, { takenBy }) => Math.max(line, takenBy), 0)
  return {
    persons,
    families,
    lineOf: (members) => {
      const own = members.flatMap(({ subject }) => [...(persons.get(subject.id) ?? [])])
      return own.length > 0 ? Math.max(...own) : last
    },
  }
}
