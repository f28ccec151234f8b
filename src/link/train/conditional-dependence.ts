import type { Comparison } from '../compare/compare.ts'
import type { FieldModel } from '../score/model.ts'

type Counts = { same: number[][]; other: number[] }

const LEVELS = 3
const EQUAL = 2
// A block with hardly any pair of two people does not teach how two people agree: the few are mistakes of the estimate.
const FEWEST_OTHERS = 0.1
// Average gain of a pair in bits. Less is chance, or the mistakes of a few.
const LEAST_BITS = 0.1
const ANCHOR = 5

/**
 * Learns the conditional dependence of texts of the source: a household shares its street, number and telephone, and who moves changes them
 * all. As if each were evidence of its own, a mother and her child would be one person, and one who moved two.
 */
export class ConditionalDependence {
  private readonly extras: readonly string[]
  private readonly counts = new Map<string, Counts>()
  private readonly pairs = new Map<string, { all: number; others: number }>()

  constructor(extras: readonly string[]) {
    this.extras = extras
  }

  /** Counts a pair that is one person with probability `share`. */
  noteSame(levels: Comparison['levels'], share: number): void {
    for (const parent of this.extras) {
      const level = levels[parent]
      if (level === undefined) continue
      for (const child of this.extras) {
        const row = this.of(parent, child).same[level > 0 ? 1 : 0]
        const at = levels[child]
        if (child !== parent && row !== undefined && at !== undefined) row[at] = (row[at] ?? 0) + share
      }
    }
  }

  /** Counts a pair that has the text `parent` in common and is two people with probability `share`. */
  noteOther(parent: string, levels: Comparison['levels'], share: number): void {
    const pairs = this.pairs.get(parent) ?? { all: 0, others: 0 }
    this.pairs.set(parent, { all: pairs.all + 1, others: pairs.others + share })
    for (const child of this.extras) {
      const at = levels[child]
      if (child === parent || at === undefined) continue
      const counts = this.of(parent, child)
      counts.other[at] = (counts.other[at] ?? 0) + share
    }
  }

  /** Lets each text depend on at most one other, which must part people better: so no two depend on each other. */
  tie(fields: Record<string, FieldModel>): void {
    const uOf = (extra: string) => fields[extra]?.u[EQUAL] ?? 1
    const ordered = this.extras.toSorted((a, b) => uOf(a) - uOf(b) || (a < b ? -1 : 1))
    for (const [at, child] of ordered.entries()) this.tieTo(ordered.slice(0, at), child, fields)
  }

  private tieTo(parents: readonly string[], child: string, fields: Record<string, FieldModel>): void {
    const table = fields[child]
    if (table === undefined) return
    let best: { parent: string; gain: number } | undefined
    for (const parent of parents) {
      const gain = this.gain(parent, child, table)
      if (gain > (best?.gain ?? 0)) best = { parent, gain }
    }
    if (best === undefined) return
    const { same, other } = this.of(best.parent, child)
    table.given = {
      extra: best.parent,
      apart: { m: blend(same[0], table.m), u: table.u },
      agrees: { m: blend(same[1], table.m), u: this.knowsOthers(best.parent) ? blend(other, table.u) : table.u },
    }
  }

  /** Bits that all pairs lose while the text counts as independent evidence; 0 if a pair loses next to nothing. */
  private gain(parent: string, child: string, { m, u }: FieldModel): number {
    const { same, other } = this.of(parent, child)
    return lost(same[0], m) + (this.knowsOthers(parent) ? lost(other, u) : 0)
  }

  private knowsOthers(parent: string): boolean {
    const { all, others } = this.pairs.get(parent) ?? { all: 0, others: 0 }
    return others > 0 && others >= all * FEWEST_OTHERS
  }

  private of(parent: string, child: string): Counts {
    const name = `${parent}|${child}`
    let counts = this.counts.get(name)
    if (counts === undefined) {
      const zeros = () => Array<number>(LEVELS).fill(0)
      counts = { same: [zeros(), zeros()], other: zeros() }
      this.counts.set(name, counts)
    }
    return counts
  }
}

/** Bits that are lost over the pairs counted by taking the levels for chance (Kullback and Leibler). */
function lost(counts: readonly number[] | undefined, chance: readonly number[]): number {
  const learnt = blend(counts, chance)
  const pairs = (counts ?? []).reduce((sum, n) => sum + n, 0)
  const bits = learnt.reduce((sum, share, level) => sum + share * Math.log2(share / (chance[level] ?? 1)), 0)
  return bits < LEAST_BITS ? 0 : pairs * bits
}

function blend(counts: readonly number[] | undefined, chance: readonly number[]): number[] {
  const values = chance.map((share, level) => (counts?.[level] ?? 0) + ANCHOR * share)
  const sum = values.reduce((total, value) => total + value, 0)
  return values.map((value) => Math.max(value / sum, 1e-6))
}
