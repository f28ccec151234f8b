import type { PersonId, SubjectId } from '../../domain/ids.ts'
import type { Member } from '../cluster/grouping.ts'
import { type Index, resolveSubject, type Subject } from '../subjects/subject.ts'
import { addSubject, type World } from './working-set.ts'

export type Settling = {
  newPerson: () => PersonId
  /** The line of the entry that stands behind a change, for members that no entry of this chunk brings. */
  lineOf: (members: readonly Member[]) => number
  /** Subjects that a merge ended and that may live again, by their ids. */
  former: ReadonlyMap<SubjectId, Subject>
  /** Records that a steward took away from the person they are still with. */
  leavers: ReadonlySet<Index>
}

/**
 * Gives each group its subject. A subject goes with the greater part of its records; where several meet the oldest lives on
 * and the others lead to it; a part that is left without one goes by the id it had before a merge, or by a new one.
 */
export function settlePersons(world: World, groups: readonly (readonly Member[])[], settling: Settling): void {
  const before = new Map<Subject, Set<string>>()
  for (const { subject, key } of groups.flat()) {
    const keys = before.get(subject)
    if (keys) keys.add(key)
    else before.set(subject, new Set([key]))
  }
  const heirs = heirsOf(groups, [...before.keys()], settling)
  for (const group of groups) {
    const claims = (heirs.get(group) ?? []).toSorted(byAge)
    const subject = claims[0] ?? revived(world, group, settling) ?? addSubject(world, settling.newPerson(), 'individu')
    const losers = claims.slice(1)
    for (const loser of losers) {
      loser.into = subject
      if (!loser.isNew) world.united.push(loser)
    }
    place(world, group, subject, before.get(subject), settling)
  }
}

/** Puts the members of a group under their subject; one that changed by it is told of. */
function place(
  world: World,
  group: readonly Member[],
  subject: Subject,
  before: ReadonlySet<string> | undefined,
  { lineOf }: Settling,
): void {
  const isSame = before?.size === group.length && group.every(({ key }) => before.has(key))
  subject.sources = new Map(group.map(({ key, source }) => [key, source]))
  for (const { key, subject: old } of group) {
    const change = world.changes.get(key)
    if (change !== undefined) {
      change.subject = subject
      subject.lines.add(change.incoming.line)
    } else if (resolveSubject(old) !== subject) world.moves.set(key, subject)
  }
  if (isSame) return
  subject.isDirty = true
  if (subject.lines.size === 0) subject.lines.add(lineOf(group))
}

/**
 * The group that each subject goes with: one with a record that did not come by a merge, so that a merge that is undone gives both
 * their ids back; then one that nobody took away; then where most of its records are, and of two halves that with the first key.
 */
function heirsOf(
  groups: readonly (readonly Member[])[],
  subjects: readonly Subject[],
  { leavers }: Pick<Settling, 'leavers'>,
): Map<readonly Member[], Subject[]> {
  const heirs = new Map<readonly Member[], Subject[]>()
  for (const subject of subjects) {
    let best: (Claim & { group: readonly Member[] }) | undefined
    for (const group of groups) {
      const own = group.filter((member) => member.subject === subject)
      const first = own.map(({ key }) => key).sort()[0]
      if (first === undefined) continue
      const native = own.filter(({ source }) => source.former === undefined).length
      const stays = !own.some(({ key }) => leavers.has(key))
      const claim = { group, native, stays, records: own.length, first }
      if (best === undefined || isStronger(claim, best)) best = claim
    }
    if (best !== undefined) heirs.set(best.group, [...(heirs.get(best.group) ?? []), subject])
  }
  return heirs
}

type Claim = { native: number; stays: boolean; records: number; first: string }

function isStronger(a: Claim, b: Claim): boolean {
  if (a.native > 0 !== b.native > 0) return a.native > 0
  if (a.stays !== b.stays) return a.stays
  if (a.native !== b.native) return a.native > b.native
  return a.records === b.records ? a.first < b.first : a.records > b.records
}

/** What is in the database is older than what this chunk brings; then ids sort by age. */
function byAge(a: Subject, b: Subject): number {
  if (a.isNew !== b.isNew) return a.isNew ? 1 : -1
  return a.id < b.id ? -1 : 1
}

function revived(world: World, group: readonly Member[], { former }: Settling): Subject | undefined {
  const ids = [...new Set(group.flatMap(({ source }) => source.former ?? []))].sort()
  const found = ids.flatMap((id) => former.get(id) ?? []).filter((subject) => !world.subjects.has(subject.id))
  const [first, ...others] = found
  if (first === undefined) return undefined
  // BPS knows this subject by an older version as merged: only a newer one is news.
  first.version += 1
  first.isDirty = true
  first.isRevived = true
  world.subjects.set(first.id, first)
  for (const other of others) world.redirects.push({ from: other.id, into: first })
  return first
}
