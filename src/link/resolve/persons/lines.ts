import type { ClusterMember } from '../../cluster/grouping.ts'
import type { Index } from '../../subjects/subject.ts'
import type { RecordChange } from '../entries/decide.ts'

/** Which lines of the chunk stand behind what becomes of records. */
export type LineSource = {
  /** The line of the entry that brings a record, by its key. */
  brought: ReadonlyMap<Index, number>
  /** The line that stands behind a change of records of which no entry brings any. */
  lineOf: (members: readonly ClusterMember[]) => number
}

/** Of pushed entries: behind a change of other records stands the last entry that changes anything. */
export function linesOfChanges(changes: ReadonlyMap<Index, RecordChange>): LineSource {
  const brought = new Map<Index, number>()
  let last = 0
  for (const [key, { incoming }] of changes) {
    brought.set(key, incoming.line)
    last = Math.max(last, incoming.line)
  }
  return { brought, lineOf: () => last }
}

/** Of relinked records: the last one of the same group, else the last one of the chunk. `lines` are their places in the chunk. */
export function linesOfRelinked(lines: ReadonlyMap<Index, number>): LineSource {
  const last = Math.max(...lines.values())
  return {
    brought: new Map(),
    lineOf: (members) => {
      const own = members.flatMap(({ key }) => lines.get(key) ?? [])
      return own.length > 0 ? Math.max(...own) : last
    },
  }
}

/** Of a decision: its chunk has one entry. */
export function lineOfDecision(line: number): LineSource {
  return { brought: new Map(), lineOf: () => line }
}
