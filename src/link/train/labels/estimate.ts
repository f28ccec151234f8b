import { STRATA, type StratumName } from './strata.ts'

/** What is known of a stratum: its candidate pairs, how many of them were drawn, and how those were labelled. */
export type LabelledStratum = {
  stratum: StratumName
  pairs: number
  drawn: number
  same: number
  different: number
  unsure: number
}

/** A share with its interval of 95 %. */
export type Estimate = { value: number; low: number; high: number }

/** Precision and recall of linkage among candidate pairs; null where a stratum that counts has no label yet. */
export type LabelledEstimate = { precision: Estimate | null; recall: Estimate | null }

const DRAWS = 4000
const TAIL = 0.025

/**
 * Estimates precision and recall from labels: each labelled pair stands for the pairs of its stratum (Horvitz and Thompson 1952). The
 * interval is that of Jeffreys: the share of each stratum is drawn from Beta(same + ½, different + ½), many times, and both figures
 * are computed of each draw. `random` gives numbers in [0, 1).
 */
export function estimateOf(strata: readonly LabelledStratum[], random: () => number): LabelledEstimate {
  const counting = strata.filter(({ pairs }) => pairs > 0)
  const linked = counting.filter(({ stratum }) => isLinked(stratum))
  const isKnown = (of: readonly LabelledStratum[]) =>
    of.length > 0 && of.every(({ same, different }) => same + different > 0)
  const observed = (one: LabelledStratum) => one.same / (one.same + one.different)
  const drawn = (one: LabelledStratum) => betaOf(one.same + 0.5, one.different + 0.5, random)
  const estimate = (figure: (share: (one: LabelledStratum) => number) => number): Estimate => {
    const values = Array.from({ length: DRAWS }, () => {
      const shares = new Map(counting.map((one) => [one, drawn(one)]))
      return figure((one) => shares.get(one) ?? 0)
    }).sort((a, b) => a - b)
    const at = (share: number) => values[Math.min(DRAWS - 1, Math.floor(share * DRAWS))] ?? 0
    const value = figure(observed)
    // Where nothing speaks against a stratum, its observed share lies at the edge of what is likely.
    return { value, low: Math.min(value, at(TAIL)), high: Math.max(value, at(1 - TAIL)) }
  }
  const precision = isKnown(linked)
    ? estimate((share) => sumOf(linked, share) / linked.reduce((sum, { pairs }) => sum + pairs, 0))
    : null
  const hasMatch = counting.some(({ same }) => same > 0)
  const recall =
    isKnown(counting) && hasMatch ? estimate((share) => sumOf(linked, share) / sumOf(counting, share)) : null
  return { precision, recall }
}

function isLinked(name: StratumName): boolean {
  return STRATA.some((stratum) => stratum.name === name && stratum.isLinked)
}

/** Pairs of one person among those of some strata, as the share of each says. */
function sumOf(strata: readonly LabelledStratum[], share: (one: LabelledStratum) => number): number {
  return strata.reduce((sum, one) => sum + one.pairs * share(one), 0)
}

/** A number from a beta distribution, as the ratio of two from gamma distributions. */
function betaOf(a: number, b: number, random: () => number): number {
  const [one, other] = [gammaOf(a, random), gammaOf(b, random)]
  return one / (one + other)
}

/** A number from a gamma distribution of scale 1 (Marsaglia and Tsang 2000). */
function gammaOf(shape: number, random: () => number): number {
  if (shape < 1) return gammaOf(shape + 1, random) * random() ** (1 / shape)
  const d = shape - 1 / 3
  const c = 1 / Math.sqrt(9 * d)
  for (;;) {
    const x = normalOf(random)
    const v = (1 + c * x) ** 3
    if (v > 0 && Math.log(1 - random()) < 0.5 * x * x + d - d * v + d * Math.log(v)) return d * v
  }
}

function normalOf(random: () => number): number {
  return Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random())
}

/** Numbers in [0, 1) that are the same for the same seed (mulberry32): an estimate is not to change while nobody labels. */
export function seededRandom(seed: number): () => number {
  let state = seed >>> 0
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296
  }
}
