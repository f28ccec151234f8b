import type { Index } from '../../subjects/subject.ts'
import type { LinkedSubject } from '../linked-subject.ts'
import type { LineSource } from '../persons/lines.ts'

/**
 * Lets persons be told who did not change themselves, but of whom a possible match came or went, by one of their records; `all` are
 * those around a steward's decision. Each is told only if its line says something else by that.
 */
export function withReviewNews<Found extends { persons: LinkedSubject[] }>(
  found: Found,
  changed: ReadonlySet<Index> | 'all',
  { lineOf }: LineSource,
): Found {
  if (changed !== 'all' && changed.size === 0) return found
  const persons = found.persons.map((person): LinkedSubject => {
    if (person.lines.size > 0 || person.subject.version === 0) return person
    const isConcerned = changed === 'all' || person.sources.some(({ key }) => changed.has(key))
    return isConcerned ? { ...person, lines: new Set([lineOf([])]), isToldIfOther: true } : person
  })
  return { ...found, persons }
}

/**
 * Lets every person be told whose line says something else than last time, as after an update of Titian: behind it stand the lines
 * of the person's own records.
 */
export function withOwnLines<Found extends { persons: LinkedSubject[] }>(
  found: Found,
  recordLines: ReadonlyMap<Index, number>,
): Found {
  const persons = found.persons.map((person): LinkedSubject => {
    if (person.lines.size > 0 || person.subject.version === 0) return person
    const own = person.sources.flatMap(({ key }) => recordLines.get(key) ?? [])
    return own.length === 0 ? person : { ...person, lines: new Set(own), isToldIfOther: true }
  })
  return { ...found, persons }
}
