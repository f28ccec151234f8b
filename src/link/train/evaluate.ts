/** How well records were put together, over pairs of records. */
export type Score = { pairs: number; found: number; precision: number; recall: number; f1: number }

/** A record with the person it was linked to, and the one it truly is. */
export type Linked = { person: string; truth: string; hasNik: boolean }

/** Scores links pairwise: over all pairs, and over those of which one record has no usable NIK. */
export function scoreLinks(records: readonly Linked[]): { all: Score; withoutNik: Score } {
  const isCounted = (isHard: boolean) => (a: Linked, b: Linked) => !isHard || !(a.hasNik && b.hasNik)
  return { all: score(records, isCounted(false)), withoutNik: score(records, isCounted(true)) }
}

type Counts = (a: Linked, b: Linked) => boolean

function score(records: readonly Linked[], counts: Counts): Score {
  let pairs = 0
  for (const group of groupsBy(records, ({ truth }) => truth)) pairs += pairsIn(group, counts)
  let made = 0
  let found = 0
  for (const group of groupsBy(records, ({ person }) => person)) {
    made += pairsIn(group, counts)
    found += pairsIn(group, (a, b) => a.truth === b.truth && counts(a, b))
  }
  const precision = made === 0 ? 1 : found / made
  const recall = pairs === 0 ? 1 : found / pairs
  return { pairs, found, precision, recall, f1: found === 0 ? 0 : (2 * precision * recall) / (precision + recall) }
}

function groupsBy(records: readonly Linked[], keyOf: (record: Linked) => string): Iterable<Linked[]> {
  const groups = new Map<string, Linked[]>()
  for (const record of records) {
    const group = groups.get(keyOf(record))
    if (group) group.push(record)
    else groups.set(keyOf(record), [record])
  }
  return groups.values()
}

function pairsIn(group: readonly Linked[], counts: Counts): number {
  let pairs = 0
  for (const [at, a] of group.entries()) for (const b of group.slice(at + 1)) if (counts(a, b)) pairs += 1
  return pairs
}
