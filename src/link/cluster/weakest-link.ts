import type { Edge } from './cluster.ts'

/**
 * The match weight of the weakest link that holds records together, the strongest taken first; undefined of a single record. The
 * links must connect all of them.
 */
export function weakestLink(group: readonly number[], links: readonly Edge[]): number | undefined {
  if (group.length < 2) return undefined
  const rootOf = new Map(group.map((record) => [record, record]))
  const root = (record: number): number => {
    let found = record
    for (let up = rootOf.get(found); up !== undefined && up !== found; up = rootOf.get(found)) found = up
    return found
  }
  let weakest: number | undefined
  for (const { a, b, weight } of links.toSorted((x, y) => y.weight - x.weight)) {
    if (!rootOf.has(a) || !rootOf.has(b) || root(a) === root(b)) continue
    rootOf.set(root(a), root(b))
    weakest = weight
  }
  return weakest
}
