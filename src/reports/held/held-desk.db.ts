import type { BatchId } from '../../domain/ids.ts'
import type { Db } from '../../io/postgres/postgres.ts'
import { type HeldLine, selectHeldLines, selectHoldingChunks, selectHolds } from './held.sql.ts'
import type { HeldCause } from './held-cause.ts'

/** Chunks that are looked at, at most, and so many at a time. */
const MOST_CHUNKS = 2000
const AT_ONCE = 100

/**
 * What is held back, by platform, dataset and finding, the most first. An entry whose finding is not listed counts under an
 * empty code. `isAll` is false where more chunks hold entries than were looked at.
 */
export async function readHeldCauses(
  db: Db,
  filter: { platform: string | null; dataset: string | null },
): Promise<{ causes: HeldCause[]; isAll: boolean }> {
  const chunks = await selectHoldingChunks(db, filter, MOST_CHUNKS + 1)
  const looked = chunks.slice(0, MOST_CHUNKS)
  const causes = new Map<string, HeldCause>()
  for (let at = 0; at < looked.length; at += AT_ONCE) {
    const some = looked.slice(at, at + AT_ONCE)
    const ids = some.map(({ id }) => id)
    const lines = Map.groupBy(await selectHeldLines(db, ids), ({ chunk }) => chunk)
    const holds = Map.groupBy(await selectHolds(db, ids), ({ chunk, line }) => `${chunk} ${line}`)
    for (const chunk of some) {
      for (const { line, is } of lines.get(chunk.id) ?? []) {
        const codes = new Set((holds.get(`${chunk.id} ${line}`) ?? []).map(({ code }) => code))
        for (const code of codes.size === 0 ? [''] : codes) count(causes, chunk, code, is)
      }
    }
  }
  const sorted = [...causes.values()].sort((a, b) => b.entries - a.entries || b.corrected - a.corrected)
  return { causes: sorted, isAll: chunks.length <= MOST_CHUNKS }
}

function count(
  causes: Map<string, HeldCause>,
  { platform, dataset, batch, receivedAt }: { platform: string; dataset: string; batch: BatchId; receivedAt: Date },
  code: string,
  is: HeldLine['is'],
): void {
  const name = `${platform} ${dataset} ${code}`
  const cause = causes.get(name) ?? {
    platform,
    dataset,
    code,
    entries: 0,
    corrected: 0,
    again: 0,
    oldestAt: null,
    batches: [],
  }
  causes.set(name, cause)
  if (is === 'corrected') cause.corrected += 1
  else {
    if (is === 'again') cause.again += 1
    else cause.entries += 1
    cause.oldestAt ??= receivedAt
  }
  if (cause.batches.at(-1) !== batch) cause.batches.push(batch)
}
