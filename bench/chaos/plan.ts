import { numbersFrom } from '../families.ts'
import type { Fault } from './faults/fault.ts'
import { flush } from './faults/flush.ts'
import { freeze } from './faults/freeze.ts'
import { full } from './faults/full.ts'
import { jump } from './faults/jump.ts'
import { kill } from './faults/kill.ts'
import { restart } from './faults/restart.ts'
import { terminate } from './faults/terminate.ts'

/** One fault of a run: after which pause it comes, and the seed of its own dice. */
export type Planned = { fault: Fault; pauseMs: number; seed: number }

export const FAULTS: readonly Fault[] = [
  kill('work', 4),
  kill('serve', 2),
  kill('receiver', 2),
  freeze,
  terminate,
  restart,
  full('database', 1),
  full('titian', 1),
  jump(1, 1),
  jump(-1, 1),
  flush,
  kill('redis-server', 2),
]

/** So many faults as the seed deals them, out of decks in which every kind has its share. */
export function plan(seed: number, count: number, kinds: readonly Fault[]): Planned[] {
  const below = numbersFrom(seed)
  let deck: Fault[] = []
  return Array.from({ length: count }, () => {
    if (deck.length === 0) deck = kinds.flatMap((kind) => Array.from({ length: kind.share }, () => kind))
    const [fault] = deck.splice(below(deck.length), 1)
    return { fault: fault as Fault, pauseMs: 500 + below(3500), seed: below(2 ** 31) }
  })
}
