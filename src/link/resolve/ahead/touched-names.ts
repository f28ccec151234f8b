import { nameOfEnd } from './footprint.ts'
import type { ChunkPlan } from './plan.ts'

/**
 * The names of all that a plan changes and that somebody else may have looked at: keys of entries and records, indexes, blocking
 * keys, known subjects, and families that other records name from now on or named so far. Ids that are new are left out: nobody
 * can have asked for them.
 */
export function touchedNames({ entries, changes, reviewed, leaving }: ChunkPlan): string[] {
  const { subjects, redirects, ended, added, changed, moves, identifiers, lastSeen, blocking, reviews } = changes
  const isNew = new Set<string>()
  for (const subject of subjects) if (subject.isNew) isNew.add(subject.id)
  const names: string[] = [...leaving]
  const add = (name: string | null | undefined) => {
    if (name && !isNew.has(name)) names.push(name)
  }
  for (const { key } of entries) add(key)
  for (const { id, family } of subjects) {
    add(id)
    add(family)
  }
  for (const { from, into } of redirects) names.push(from, into, nameOfEnd(from))
  for (const { id } of ended) add(id)
  for (const source of [...added, ...changed]) {
    names.push(source.key)
    add(source.subject)
    add(source.family)
  }
  for (const { key, subject } of moves) {
    names.push(key)
    add(subject)
  }
  for (const { index, subject } of identifiers) {
    names.push(index)
    add(subject)
  }
  names.push(...lastSeen.keys())
  for (const { key } of blocking.added) names.push(key)
  for (const { key } of blocking.removed) names.push(key)
  for (const { key } of blocking.renumbered) names.push(key)
  const asked = [...reviews.dropped, ...reviews.weighed.map(({ id }) => id)].flatMap((id) => reviewed.get(id) ?? [])
  for (const { a, b } of [...reviews.opened, ...asked]) names.push(a, b)
  return names
}
