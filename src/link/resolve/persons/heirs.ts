import type { SubjectId } from '../../../domain/ids.ts'
import type { ClusterMember } from '../../cluster/grouping.ts'
import { sourceNameOf } from '../../subjects/source-record.ts'
import type { Index, Subject } from '../../subjects/subject.ts'

/** What speaks for giving a subject's id to a group: about the records of the subject that are in the group. */
type Claim = {
  group: readonly ClusterMember[]
  /** Records that did not come to the subject by a merge. */
  native: number
  /** No record was taken away from the subject by a steward. */
  stays: boolean
  records: number
  /** The record's name that sorts first. */
  first: () => string
}

/**
 * Gives each subject to one group, its heir: the group with the strongest claim. A group may inherit several subjects,
 * or none.
 */
export function heirsOf(
  groups: readonly (readonly ClusterMember[])[],
  leavers: ReadonlySet<Index>,
): Map<readonly ClusterMember[], Subject[]> {
  const best = new Map<SubjectId, { subject: Subject; claim: Claim }>()
  for (const group of groups) {
    for (const [id, own] of Map.groupBy(group, ({ subject }) => subject.id)) {
      const [member] = own
      if (member === undefined) continue
      const claim = claimOf(group, own, leavers)
      const other = best.get(id)
      if (other === undefined || isStronger(claim, other.claim)) best.set(id, { subject: member.subject, claim })
    }
  }
  const heirs = new Map<readonly ClusterMember[], Subject[]>()
  for (const { subject, claim } of best.values()) {
    const subjects = heirs.get(claim.group)
    if (subjects) subjects.push(subject)
    else heirs.set(claim.group, [subject])
  }
  return heirs
}

function claimOf(group: readonly ClusterMember[], own: readonly ClusterMember[], leavers: ReadonlySet<Index>): Claim {
  return {
    group,
    native: own.filter(({ source }) => source.former === undefined).length,
    stays: !own.some(({ key }) => leavers.has(key)),
    records: own.length,
    first: () => own.map(({ source }) => sourceNameOf(source, source.open())).sort()[0] ?? '',
  }
}

/**
 * A native record comes first: when a merge is undone, both sides get their ids back. Then comes a group that no record
 * was taken to, then the most records. Of two halves the one with the first name inherits.
 */
function isStronger(a: Claim, b: Claim): boolean {
  if (a.native > 0 !== b.native > 0) return a.native > 0
  if (a.stays !== b.stays) return a.stays
  if (a.native !== b.native) return a.native > b.native
  return a.records === b.records ? a.first() < b.first() : a.records > b.records
}
