import type { PersonId, SubjectId } from '../../../domain/ids.ts'
import type { ClusterMember } from '../../cluster/grouping.ts'
import type { PairDecision } from '../../review/pair-decision.ts'
import { type Index, newSubject, type Redirect, type Subject } from '../../subjects/subject.ts'
import type { LinkedSubject } from '../linked-subject.ts'
import type { GroupedPersons, Neighbourhood } from './group-neighbourhood.ts'
import { heirsOf } from './heirs.ts'
import type { LineSource } from './lines.ts'

/** Which person each group is from now on. */
export type Assignment = {
  persons: LinkedSubject[]
  /** Stored persons that were found to be others. */
  merged: Redirect[]
  /** Persons that a merge had ended, and that lead to a revived one now. */
  redirected: Redirect[]
  /** Persons that a merge had ended, and that live again. */
  revived: ReadonlySet<SubjectId>
  /** Records that no entry brings and that go to another person. */
  moves: { key: Index; subject: SubjectId }[]
}

const NOTHING_KNOWN = { weakest: new Map(), underReview: new Set<Index>() }

/**
 * Gives each group its person. A group keeps the person it is the heir of; of several the oldest lives on, and the others
 * become redirects to it. A group without one goes by an id that it had before a merge, else by a new one.
 */
export function assignIds(
  groups: readonly (readonly ClusterMember[])[],
  { members, decisions, former }: Pick<Neighbourhood, 'members' | 'decisions' | 'former'>,
  lines: LineSource,
  newPerson: () => PersonId,
  { weakest, underReview }: Pick<GroupedPersons, 'weakest' | 'underReview'> = NOTHING_KNOWN,
): Assignment {
  const before = keysBefore(groups)
  const heirs = heirsOf(groups, leaversOf(decisions, members))
  const revival = new Revival(former)
  const merged: Redirect[] = []
  const personOf = new Map<readonly ClusterMember[], Subject>()
  const intoOf = new Map<SubjectId, SubjectId>()
  for (const group of groups) {
    const [oldest, ...losers] = (heirs.get(group) ?? []).toSorted(byAge)
    const person = oldest ?? revival.revive(group) ?? newSubject(newPerson(), 'individu')
    personOf.set(group, person)
    for (const { id, isNew } of losers) {
      intoOf.set(id, person.id)
      if (!isNew) merged.push({ from: id, into: person.id })
    }
  }
  const linesBefore = linesByPerson(groups, lines.brought)
  const persons = [...personOf].map(([group, subject]): LinkedSubject => {
    const keys = before.get(subject.id)
    const isSame = keys?.size === group.length && group.every(({ key }) => keys.has(key))
    const changed = new Set(linesBefore.get(subject.id))
    for (const { key } of group) {
      const line = lines.brought.get(key)
      if (line !== undefined) changed.add(line)
    }
    if (!isSame && changed.size === 0) changed.add(lines.lineOf(group))
    const left = subject.isNew || revival.revived.has(subject.id) ? leftBy(group, intoOf) : undefined
    const sources = group.map(({ source }) => source)
    const weight = weakest.get(group)
    return {
      subject,
      sources,
      lines: changed,
      ...(left && { left }),
      ...(weight !== undefined && { weakest: weight }),
      isInReview: group.some(({ key }) => underReview.has(key)),
      isChanged: !isSame,
    }
  })
  const moves = [...personOf].flatMap(([group, { id }]) =>
    group
      .filter(({ key, subject }) => !lines.brought.has(key) && (intoOf.get(subject.id) ?? subject.id) !== id)
      .map(({ key }) => ({ key, subject: id })),
  )
  return { persons, merged, redirected: revival.redirected, revived: revival.revived, moves }
}

/** The stored person that records of a group were of until now and that lives on without them; of several the oldest. */
function leftBy(group: readonly ClusterMember[], intoOf: ReadonlyMap<SubjectId, SubjectId>): SubjectId | undefined {
  const before = group.filter(({ subject }) => !subject.isNew && !intoOf.has(subject.id))
  return before.map(({ subject }) => subject.id).sort()[0]
}

/** The records that each person had. */
function keysBefore(groups: readonly (readonly ClusterMember[])[]): Map<SubjectId, Set<Index>> {
  const before = new Map<SubjectId, Set<Index>>()
  for (const { subject, key } of groups.flat()) {
    const keys = before.get(subject.id)
    if (keys) keys.add(key)
    else before.set(subject.id, new Set([key]))
  }
  return before
}

/** The lines that bring records of each person as it was. */
function linesByPerson(
  groups: readonly (readonly ClusterMember[])[],
  brought: ReadonlyMap<Index, number>,
): Map<SubjectId, Set<number>> {
  const lines = new Map<SubjectId, Set<number>>()
  for (const { subject, key } of groups.flat()) {
    const line = brought.get(key)
    if (line === undefined) continue
    const own = lines.get(subject.id)
    if (own) own.add(line)
    else lines.set(subject.id, new Set([line]))
  }
  return lines
}

/** The records that a steward took away from a person and that have not left it yet. */
function leaversOf(decisions: readonly PairDecision[], members: ReadonlyMap<Index, ClusterMember>): Set<Index> {
  const leavers = new Set<Index>()
  for (const { a, b, leaver } of decisions) {
    const person = members.get(a)?.subject.id
    if (leaver && person !== undefined && person === members.get(b)?.subject.id) leavers.add(leaver)
  }
  return leavers
}

/** A stored person is older than one that this chunk brings; among alike the ids sort by age. */
function byAge(a: Subject, b: Subject): number {
  if (a.isNew !== b.isNew) return a.isNew ? 1 : -1
  return a.id < b.id ? -1 : 1
}

/** Gives persons that a merge ended back to the records that they had; each lives again once. */
class Revival {
  readonly revived = new Set<SubjectId>()
  readonly redirected: Redirect[] = []
  private readonly former: ReadonlyMap<SubjectId, Subject>

  constructor(former: ReadonlyMap<SubjectId, Subject>) {
    this.former = former
  }

  /** The person that records of the group were before a merge. Of several the oldest lives again, and the others lead to it. */
  revive(group: readonly ClusterMember[]): Subject | undefined {
    const ids = [...new Set(group.flatMap(({ source }) => source.former ?? []))].sort()
    const found = ids.flatMap((id) => this.former.get(id) ?? []).filter(({ id }) => !this.revived.has(id))
    const [first, ...others] = found
    if (first === undefined) return undefined
    this.revived.add(first.id)
    for (const { id } of others) this.redirected.push({ from: id, into: first.id })
    // BPS knows this person by an older version as merged: only a newer version is news.
    return { ...first, version: first.version + 1 }
  }
}
