import { hash } from 'node:crypto'

const COUNTERS = 32

/** The frequent values of a list, by a short hash: `[hash, count]`. */
export type FrequentValues = readonly (readonly [value: string, count: number])[]

/**
 * Counts the frequent values of a list of any length with 32 counters (Misra and Gries 1982). Each count is too low by at most a
 * 33rd of the list.
 */
export class Frequent {
  readonly #counts = new Map<string, number>()

  add(value: string): void {
    const before = this.#counts.get(value)
    if (before !== undefined || this.#counts.size < COUNTERS) this.#counts.set(value, (before ?? 0) + 1)
    else lessen(this.#counts, 1)
  }

  /** The counts as they are kept: the values themselves are nobody's business. */
  stored(): FrequentValues {
    return [...this.#counts].map(([value, count]) => [hashOf(value), count])
  }
}

/** What stands for a value in the stored counts. */
export function hashOf(value: string): string {
  return hash('sha256', value).slice(0, 8)
}

/** The counts of two lists as those of one, with the same bound on the error (Agarwal et al. 2012). */
export function addFrequent(one: FrequentValues, other: FrequentValues): FrequentValues {
  const counts = new Map(one)
  for (const [value, count] of other) counts.set(value, (counts.get(value) ?? 0) + count)
  const beyond = [...counts.values()].sort((a, b) => b - a)[COUNTERS]
  if (beyond !== undefined) lessen(counts, beyond)
  return [...counts]
}

/** The most frequent value, by its hash, and how often it was counted. */
export function mostFrequent(values: FrequentValues): { value: string; count: number } {
  let most = { value: '', count: 0 }
  for (const [value, count] of values) if (count > most.count) most = { value, count }
  return most
}

function lessen(counts: Map<string, number>, by: number): void {
  for (const [value, count] of counts) {
    if (count <= by) counts.delete(value)
    else counts.set(value, count - by)
  }
}
