import type { Index } from '../../subjects/subject.ts'

/** A stratum of candidate pairs: linked or not, from a match weight in bits on, and how many of it are drawn. */
type Stratum = { name: string; isLinked: boolean; from: number; drawn: number }

/**
 * The strata, of each side the surest last. Pairs that are kept apart by far are many, and one match among them weighs much: more of
 * them are drawn.
 */
export const STRATA = [
  { name: 'linked-unsure', isLinked: true, from: Number.NEGATIVE_INFINITY, drawn: 20 },
  { name: 'linked-near', isLinked: true, from: 6, drawn: 20 },
  { name: 'linked-sure', isLinked: true, from: 20, drawn: 20 },
  { name: 'apart-far', isLinked: false, from: Number.NEGATIVE_INFINITY, drawn: 40 },
  { name: 'apart-near', isLinked: false, from: -12, drawn: 20 },
  { name: 'apart-unsure', isLinked: false, from: -4, drawn: 20 },
] as const satisfies readonly Stratum[]
export type StratumName = (typeof STRATA)[number]['name']

/** A candidate pair, by the key indexes of its records. */
export type CandidatePair = { a: Index; b: Index; isLinked: boolean; weight: number }

/** The stratum that a pair lies in. */
export function stratumOf({ isLinked, weight }: Pick<CandidatePair, 'isLinked' | 'weight'>): StratumName {
  const fitting = STRATA.filter((stratum) => stratum.isLinked === isLinked && weight >= stratum.from)
  return fitting.at(-1)?.name ?? (isLinked ? 'linked-unsure' : 'apart-far')
}

/** How many candidate pairs each stratum had, and those that were drawn of it. */
export type Drawn = { counts: Record<StratumName, number>; pairs: { a: Index; b: Index; stratum: StratumName }[] }

/** Draws pairs as they come, of each stratum so many with the same chance for each; `below(n)` gives a random integer from 0 to n - 1. */
export class StratifiedDraw {
  readonly #counts = Object.fromEntries(STRATA.map(({ name }) => [name, 0])) as Record<StratumName, number>
  readonly #held = new Map<StratumName, { a: Index; b: Index }[]>(STRATA.map(({ name }) => [name, []]))
  readonly #below: (end: number) => number

  constructor(below: (end: number) => number) {
    this.#below = below
  }

  /** Takes a candidate pair; one that is held already is counted only. */
  add(pair: CandidatePair): void {
    const name = stratumOf(pair)
    this.#counts[name] += 1
    const held = this.#held.get(name) ?? []
    const { drawn } = STRATA.find((stratum) => stratum.name === name) ?? { drawn: 0 }
    const [a, b] = pair.a < pair.b ? [pair.a, pair.b] : [pair.b, pair.a]
    if (held.some((one) => one.a === a && one.b === b)) return
    if (held.length < drawn) held.push({ a, b })
    else {
      const place = this.#below(this.#counts[name])
      if (place < drawn) held[place] = { a, b }
    }
  }

  /** What was drawn, in random order: the order must not tell the stratum. */
  end(): Drawn {
    const pairs = [...this.#held].flatMap(([stratum, held]) => held.map((pair) => ({ ...pair, stratum })))
    for (let at = pairs.length - 1; at > 0; at--) {
      const other = this.#below(at + 1)
      const [one, two] = [pairs[at], pairs[other]]
      if (one !== undefined && two !== undefined) [pairs[at], pairs[other]] = [two, one]
    }
    return { counts: this.#counts, pairs }
  }
}
