/** Two records, by their numbers, and the match weight of the pair. */
export type Edge = { a: number; b: number; weight: number }

/**
 * Groups records that are one person, the strongest edge first. Two groups stay apart while the weight of any pair of
 * their records is `apart` or less: so a twin without a NIK joins the right twin, whichever came first. The numbers of
 * the records decide between equal weights.
 */
export function cluster(
  size: number,
  edges: readonly Edge[],
  weightOf: (a: number, b: number) => number,
  apart: number,
): number[][] {
  const groupOf = Array.from({ length: size }, (_, record) => [record])
  const strongest = edges.toSorted((x, y) => y.weight - x.weight || x.a - y.a || x.b - y.b)
  for (const { a, b } of strongest) {
    const one = groupOf[a]
    const other = groupOf[b]
    if (one === undefined || other === undefined || one === other) continue
    if (one.some((i) => other.some((j) => weightOf(i, j) <= apart))) continue
    for (const record of other) {
      one.push(record)
      groupOf[record] = one
    }
  }
  return [...new Set(groupOf)]
}
