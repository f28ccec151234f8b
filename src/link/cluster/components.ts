import type { SubjectId } from '../../domain/ids.ts'
import type { ClusterMember } from './grouping.ts'

/** Parts members into connected components: two belong together by an edge, by a common person, or over others. */
export function connectedComponents(
  members: readonly ClusterMember[],
  edges: readonly (readonly [ClusterMember, ClusterMember])[],
): ClusterMember[][] {
  const parent = new Map<ClusterMember, ClusterMember>()
  const rootOf = (member: ClusterMember): ClusterMember => {
    let root = member
    for (let up = parent.get(root); up !== undefined; up = parent.get(root)) root = up
    return root
  }
  const join = (a: ClusterMember, b: ClusterMember) => {
    const [one, other] = [rootOf(a), rootOf(b)]
    if (one !== other) parent.set(one, other)
  }
  const firstOf = new Map<SubjectId, ClusterMember>()
  for (const member of members) {
    const first = firstOf.get(member.subject.id)
    if (first === undefined) firstOf.set(member.subject.id, member)
    else join(first, member)
  }
  for (const [a, b] of edges) join(a, b)
  const components = new Map<ClusterMember, ClusterMember[]>()
  for (const member of members) {
    const root = rootOf(member)
    const component = components.get(root)
    if (component) component.push(member)
    else components.set(root, [member])
  }
  return [...components.values()]
}
