import type { World } from '../world.ts'

type Below = (n: number) => number

/** A kind of harm. It resolves when the harm is over, and says by `tell` what it did. */
export type Fault = {
  name: string
  /** How many of the kind are in a deck. */
  share: number
  /** Whether this machine and this run can have it; without it they can. */
  isPossible?(world: World): boolean
  strike(world: World, below: Below, tell: (what: string) => void): Promise<void>
}

/** One of a list; undefined of an empty one. */
export function oneOf<T>(list: readonly T[], below: Below): T | undefined {
  return list.length === 0 ? undefined : list[below(list.length)]
}
