import type { InView, Trouble } from './condition.ts'
import { CONDITIONS } from './conditions.ts'

/** What is wrong, and by which condition. */
export type NamedTrouble = Trouble & { name: string }

/** All that is wrong by the conditions that the product itself can see. */
export function troublesIn(seen: InView): NamedTrouble[] {
  return CONDITIONS.flatMap(({ name, look }) => (look?.(seen) ?? []).map((trouble) => ({ name, ...trouble })))
}

/** How many minutes each of them must hold before somebody is told. */
export const MINUTES: ReadonlyMap<string, number> = new Map(
  CONDITIONS.flatMap(({ name, minutes, look }) => (look ? [[name, minutes] as const] : [])),
)
