import type { PoolClient } from 'pg'
import type { ClaimedChunk } from '../../../engine/stage.ts'
import { readLaterWithdrawals } from '../../../engine/withdrawals/order.sql.ts'
import { readMarks } from '../../subjects/marks.sql.ts'
import { unpackMarks } from '../../subjects/marks.ts'
import type { ChunkContent, LinkDeps } from '../link-deps.db.ts'
import { workAnew } from '../work-chunk.db.ts'
import { closure } from './closure.ts'
import { nameOfLine, type Tie } from './footprint.ts'
import { overlapOf } from './overlap.db.ts'
import { type ChunkPlan, partOf } from './plan.ts'
import { touchedNames } from './touched-names.ts'

/** A plan, and the number of the last change of the subjects that it surely knows. */
export type DatedPlan = { plan: ChunkPlan; upTo: string }

/** What is left of a plan after others have changed the subjects: all, all but a part that was worked anew, or nothing. */
export type CaughtUp =
  | { is: 'whole'; upTo: string }
  | { is: 'mended'; upTo: string; rest: ChunkPlan; fresh: ChunkPlan }
  | { is: 'void' }

// Of a larger part the whole chunk is worked anew; and of one that grows again and again.
const MOST_PART = 0.5
const MOST_TRIES = 3

/** What others have changed since a plan was made, of what it depends on: nothing, some names, or anything. */
type Met =
  | { is: 'whole'; upTo: string }
  | { is: 'met'; upTo: string; ties: readonly Tie[]; met: ReadonlySet<string> }
  | { is: 'void' }

type Overtaken = { chunk: ClaimedChunk; content: ChunkContent; isWritten: boolean }

/** Looks at what others have changed since a plan was made; while the subjects' lock is held nothing can change after it. */
export async function metSince<Composed>(
  tx: PoolClient,
  { scoringModel }: LinkDeps<Composed>,
  { chunk, content, isWritten }: Overtaken,
  { plan, upTo }: DatedPlan,
): Promise<Met> {
  const { changes, marks } = await readMarks(tx, upTo)
  if (marks === undefined) return VOID
  const { withdrawal, snapshot } = await readLaterWithdrawals(tx, chunk)
  if (withdrawal !== plan.later.withdrawal || snapshot !== plan.later.snapshot) return VOID
  if (changes === upTo) return { is: 'whole', upTo }
  const { open, numbers } = content
  const context = { scoringModel, open, numbers, isWritten }
  const met = await overlapOf(tx, plan.seen, unpackMarks(marks), context)
  return met.size === 0 ? { is: 'whole', upTo: changes } : { is: 'met', upTo: changes, ties: plan.seen.allTies(), met }
}

/**
 * Brings a plan up to date of which nothing is written yet: looks at what others have changed since it was made, and works anew what
 * depends on that.
 */
export async function catchUp<Composed>(
  tx: PoolClient,
  deps: LinkDeps<Composed>,
  { chunk, content }: Omit<Overtaken, 'isWritten'>,
  dated: DatedPlan,
): Promise<CaughtUp> {
  const since = await metSince(tx, deps, { chunk, content, isWritten: false }, dated)
  if (since.is !== 'met') return since
  const { plan } = dated
  const { ties, met, upTo } = since
  let parted = partLines(ties, met, content)
  for (let tries = 0; tries < MOST_TRIES && parted !== undefined; tries++) {
    const { names, entries } = parted
    const fresh = await workAnew(tx, deps, chunk, { ...content, entries })
    const beyond = namesOf(fresh).filter((name) => !names.has(name) && parted?.others.has(name))
    if (beyond.length === 0) {
      deps.noteAnew(entries.length)
      return { is: 'mended', upTo, rest: partOf(plan, (name) => !names.has(name)), fresh }
    }
    parted = partLines(ties, [...names, ...beyond], content)
  }
  return VOID
}

const VOID = { is: 'void' } as const

/** The entries that hang together with some names, with all names that do, and the names that do not. */
function partLines(ties: readonly Tie[], met: Iterable<string>, { entries }: ChunkContent) {
  const names = closure(ties, met)
  if (names === undefined) return undefined
  const own = entries.filter(({ line }) => names.has(nameOfLine(line)))
  // What hangs together with no line was looked at for others: it is not known for which.
  if (own.length === 0 || own.length > entries.length * MOST_PART) return undefined
  const others = new Set(ties.flatMap((tie) => tie.filter((name) => !names.has(name))))
  return { names, entries: own, others }
}

function namesOf(plan: ChunkPlan): string[] {
  return [...plan.seen.allTies().flat(), ...touchedNames(plan)]
}
