/** Two records and the evidence, in bits, that they are one person. */
export type Edge = { a: number; b: number; weight: number }

/**
 * Groups records that are one person: the strongest evidence first, and two groups never meet while any two of their records
 * speak against it by `apart` bits or more. So a twin without a number joins the right one, whoever came first: the
 * result depends on the records alone, if they are numbered by something of their own.
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
