import { setTimeout as delay } from 'node:timers/promises'
import type { Pool } from 'pg'
import { readHeldChunks } from '../../../engine/chunks/held.sql.ts'
import type { ClaimedChunk } from '../../../engine/stage.ts'
import { type Claimer, claimKeys, standingClaims } from '../../subjects/claims.sql.ts'
import type { KeyRow } from '../../subjects/key-row.ts'
import { packMarks } from '../../subjects/marks.ts'
import type { Indexer, Prepared } from '../../subjects/prepare.ts'
import { indexesOf, namesOfChanged } from '../entries/load.db.ts'

const LOOK_EVERY_MS = 20

/**
 * Claims the keys and identifiers that a chunk may insert, and waits for whoever has claimed one of them before: a chunk inserts
 * its rows before it has the subjects' lock, and two that insert one key would wait for each other in a circle. Says whether it
 * has waited. A claim ends with its chunk's transaction; without one it counts no more once the chunk's lease has ended.
 */
export async function claimOwn(
  db: Pool,
  chunk: ClaimedChunk,
  { entries, rows, index }: { entries: readonly Prepared[]; rows: readonly KeyRow[]; index: Indexer },
  signal: AbortSignal,
): Promise<boolean> {
  const names = [...indexesOf(namesOfChanged(entries, rows, chunk.platform, index)), ...keysOfChanged(entries, rows)]
  if (names.length === 0) return false
  const ahead = await standing(db, await claimKeys(db, chunk, packMarks(names)))
  for (let left = ahead; left.length > 0; left = await standing(db, left)) {
    await delay(LOOK_EVERY_MS, undefined, { signal })
  }
  return ahead.length > 0
}

/** The claims that count: of a chunk whose transaction is open, and of one that is worked and has not given its claim up. */
async function standing(db: Pool, claims: readonly Claimer[]): Promise<Claimer[]> {
  if (claims.length === 0) return []
  // First who holds, then what is claimed: a commit in between ends both.
  const held = new Map((await readHeldChunks(db, claims)).map(({ id, isLocked }) => [id, isLocked]))
  const there = new Set((await standingClaims(db, claims)).map(({ id }) => id))
  return claims.filter(({ id }) => held.get(id) === true || (held.has(id) && there.has(id)))
}

function keysOfChanged(entries: readonly Prepared[], rows: readonly KeyRow[]): string[] {
  const unchanged = new Set<number>()
  for (const { at, subject } of rows) if (subject === null) unchanged.add(at)
  const keys: string[] = []
  let at = 0
  for (const { records } of entries) for (const { key } of records) if (!unchanged.has(at++)) keys.push(key)
  return keys
}
