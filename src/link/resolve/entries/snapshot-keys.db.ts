import type { PoolClient } from 'pg'
import type { ClaimedChunk } from '../../../engine/stage.ts'
import { readPlacesOfEntries } from '../../../engine/withdrawals/places.sql.ts'
import type { Prepared } from '../../subjects/prepare.ts'
import { readKeysAt } from '../../subjects/removal.sql.ts'
import type { Index } from '../../subjects/subject.ts'
import { insertSnapshotKeys } from '../../subjects/withdrawal.sql.ts'
import type { EntryDecision } from './decide.ts'

/**
 * Keeps which records a chunk of a snapshot holds. An entry that is held or rejected is there all the same, though it cannot be
 * read: whatever is stored under its key counts as held by the snapshot.
 */
export async function noteSnapshotKeys(
  tx: PoolClient,
  { batch }: ClaimedChunk,
  entries: readonly Prepared[],
  decisions: readonly EntryDecision[],
): Promise<void> {
  const doubtful = new Set(decisions.filter(({ outcome }) => outcome === 'held' || outcome === 'rejected').map(lineOf))
  const keys = new Set<Index>(entries.flatMap(({ records }) => records.map(({ key }) => key)))
  const unread = entries.flatMap(({ line, key }) => (key !== null && doubtful.has(line) ? [key] : []))
  for (const { key } of await readKeysAt(tx, await readPlacesOfEntries(tx, unread))) keys.add(key)
  await insertSnapshotKeys(tx, batch, [...keys])
}

function lineOf({ line }: { line: number }): number {
  return line
}
