import type { Tie } from './footprint.ts'

// Each round goes one tie further; what hangs together over more than so many is worked anew as a whole.
const MOST_ROUNDS = 30

/** All names that hang together with some, over any number of ties; undefined where that is too far to follow. */
export function closure(ties: readonly Tie[], names: Iterable<string>): Set<string> | undefined {
  const found = new Set(names)
  for (let round = 0; round < MOST_ROUNDS; round++) {
    const before = found.size
    for (const tie of ties) {
      if (tie.some((name) => found.has(name))) for (const name of tie) found.add(name)
    }
    if (found.size === before) return found
  }
  return undefined
}
