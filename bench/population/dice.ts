import { numbersFrom } from '../families.ts'

/** Repeatable chance. */
export type Dice = {
  /** A whole number below `n`. */
  below(n: number): number
  between(least: number, most: number): number
  /** Whether something of probability `p` happens. */
  happens(p: number): boolean
  pick<T>(list: readonly T[]): T
  /** One of a list that is ordered by how common it is: the n-th is n to the power of `skew` times rarer than the first. */
  common<T>(list: readonly T[], skew?: number): T
  /** One of the keys of a table of weights. */
  weighted<K extends string>(weights: Readonly<Record<K, number>>): K
}

const FINE = 2 ** 30

/** Dice of a seed; the same seed throws the same numbers. */
export function diceOf(seed: number): Dice {
  // Neighbouring seeds of mulberry32 begin alike.
  const below = numbersFrom(Math.imul(seed + 1, 0x9e3779b1))
  const part = () => below(FINE) / FINE
  const sums = new WeakMap<readonly unknown[], number[]>()
  const pick = <T>(list: readonly T[]): T => list[below(list.length)] as T
  return {
    below,
    between: (least, most) => least + below(most - least + 1),
    happens: (p) => part() < p,
    pick,
    common: (list, skew = 0.55) => {
      let steps = sums.get(list)
      if (steps === undefined) {
        let sum = 0
        steps = list.map((_, at) => (sum += (at + 1) ** -skew))
        sums.set(list, steps)
      }
      const thrown = part() * (steps.at(-1) ?? 0)
      return list[steps.findIndex((step) => step > thrown)] as (typeof list)[number]
    },
    weighted: (weights) => {
      const entries = Object.entries<number>(weights)
      let left = part() * entries.reduce((sum, [, weight]) => sum + weight, 0)
      for (const [key, weight] of entries) {
        left -= weight
        if (left < 0) return key as keyof typeof weights
      }
      return pick(entries)[0] as keyof typeof weights
    },
  }
}

/** The list in another order. */
export function shuffled<T>(list: readonly T[], dice: Dice): T[] {
  return list
    .map((item) => ({ item, at: dice.below(FINE) }))
    .sort((a, b) => a.at - b.at)
    .map(({ item }) => item)
}
