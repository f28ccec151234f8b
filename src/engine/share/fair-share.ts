import type { Platform } from '../../domain/platform.ts'
import type { Lane } from '../../domain/states.ts'

/**
 * How much of the queues a platform has: `window` chunks under way for a weight of 1, the weights that are not 1, and the platforms
 * whose pushes wait because no agreement is in force.
 */
export type Shares = {
  window: number
  weights?: ReadonlyMap<string, number>
  withoutAgreement?: () => readonly string[]
}

/** The weights that agreements give to platforms; a platform that has none has 1. */
export function weightsOf(platforms: Iterable<Platform>): Map<string, number> {
  return new Map([...platforms].map(({ name, agreement }) => [name, agreement.weight ?? 1]))
}

/**
 * How many chunks of a platform may be under way. The queue is first come, first served among equals, and a finished chunk is
 * followed by the next one of its platform: so each platform is served in proportion to its window.
 */
export function windowOf(platform: string, { window, weights }: Shares): number {
  return Math.max(1, Math.round(window * (weights?.get(platform) ?? 1)))
}

/**
 * The place in the queue of a platform's n-th chunk under way. The last of every window has the same one, whatever its size: a
 * heavier platform has more chunks waiting, never better ones. Who has few under way goes first.
 */
export function priorityOf(turn: number, platform: string, shares: Shares): number {
  return Math.ceil((turn * shares.window) / windowOf(platform, shares))
}

/** Entries of a chunk that is worked in a fraction of a second. */
export const SHORT_ENTRIES = 500

/**
 * The lane of a chunk: `short` when it is small and the only one that its platform has in work. It need not wait until a worker has
 * finished a long chunk of somebody else's, and whoever has a backlog gets nothing from it.
 */
export function laneOf({ entries, isAlone }: { entries: number; isAlone: boolean }): Lane {
  return isAlone && entries <= SHORT_ENTRIES ? 'short' : 'usual'
}
