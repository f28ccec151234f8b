import type { Incoming } from '../subjects/prepare.ts'
import type { Index } from '../subjects/subject.ts'
import type { World } from './working-set.ts'

/** What a record is, beside what is known under its key. */
export type Status = 'new' | 'updated' | 'unchanged' | 'superseded' | 'key-conflict'

/** The batch that is being linked, and what the ledger says about it. */
export type Receipt = {
  batch: string
  order: bigint
  /** Entry keys of this chunk that this very batch has brought before, and on which line. */
  seen: ReadonlyMap<Index, number>
  /** Entry keys of this chunk that a newer batch has confirmed already. */
  overtaken: ReadonlySet<Index>
}

/**
 * The newest batch decides, and within one batch the first line, whatever the order in which chunks are worked.
 * A later line with other content is a key conflict.
 */
export function statusOf(
  { key, content, line }: Incoming,
  entry: Index | null,
  world: World,
  receipt: Receipt,
): Status {
  const stored = world.stored.get(key)
  if (stored === undefined) return 'new'
  const first = firstLine(key, entry, world, receipt)
  if (stored.content === content) {
    if (world.keyConflicts.has(key)) noteLastSeen(world, key, receipt.batch, Math.min(line, first ?? line))
    return 'unchanged'
  }
  if (first !== undefined) {
    const earliest = Math.min(line, first)
    noteLastSeen(world, key, receipt.batch, earliest)
    return earliest < first ? 'updated' : 'key-conflict'
  }
  if (stored.receiptOrder > receipt.order || (entry !== null && receipt.overtaken.has(entry))) return 'superseded'
  if (world.keyConflicts.has(key)) noteLastSeen(world, key, receipt.batch, line)
  return 'updated'
}

/** The line on which this batch has brought the key already, as far as anybody noticed. */
function firstLine(key: Index, entry: Index | null, world: World, { batch, seen }: Receipt): number | undefined {
  const met = world.met.get(key)
  if (met !== undefined) return met
  const stored = world.stored.get(key)
  if (stored?.batch === batch) return stored.line
  const conflict = world.keyConflicts.get(key)
  if (conflict?.batch === batch) return conflict.line
  return entry === null ? undefined : seen.get(entry)
}

function noteLastSeen(world: World, key: Index, batch: string, line: number): void {
  world.keyConflicts.set(key, { batch, line })
  world.lastSeen.set(key, { batch, line })
}
