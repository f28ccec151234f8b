import type { PoolClient } from 'pg'
import { CHUNK, type ChunkState } from '../../domain/states.ts'
import type { ClaimedChunk } from '../../engine/stage.ts'
import type { Index } from '../subjects/subject.ts'
import { Footprint } from './ahead/footprint.ts'
import { rewrittenBlocking } from './candidates/blocking-changes.db.ts'
import { readTouched } from './candidates/touched.db.ts'
import type { EntryDecision } from './entries/decide.ts'
import { FAMILIES_AS_STORED } from './families/family-ids.ts'
import type { LinkDeps, RecordAccess } from './link-deps.db.ts'
import { personsOfDecisions } from './persons/decided-persons.db.ts'
import { findPersons, regroup } from './persons/find-persons.db.ts'
import { lineOfDecision, linesOfRelinked } from './persons/lines.ts'
import { NOTHING_BROUGHT } from './plan-linked.db.ts'
import { saveEntries, sealNothing } from './save.db.ts'
import { saveLinked } from './save-linked.db.ts'
import { withOwnLines, withReviewNews } from './tell/told-if-other.ts'

/**
 * Lets the subjects follow what stewards decided: steps 5 to 7, from the persons that the decisions of the batch are about.
 * The chunk has one entry, which is `updated` if any person became another. All of it is done under the subjects' lock.
 */
export async function linkDecision<Composed>(
  tx: PoolClient,
  deps: LinkDeps<Composed>,
  chunk: ClaimedChunk,
  { index, open }: RecordAccess,
): Promise<ChunkState> {
  await deps.lock(tx)
  const start = { brought: [], persons: await personsOfDecisions(tx, chunk.batch) }
  const lines = lineOfDecision(chunk.firstLine)
  const found = await regroup(tx, deps, start, [], { families: FAMILIES_AS_STORED, lines, open, seen: new Footprint() })
  const persons = withReviewNews(found, 'all', lines)
  const linked = { ...NOTHING_BROUGHT, persons }
  const { state } = await saveLinked(tx, deps, chunk, linked, { index, seal: sealNothing, open })
  const outcome = state === CHUNK.linked ? 'updated' : 'unchanged'
  await saveEntries(tx, chunk, [{ line: chunk.firstLine, key: null, outcome }])
  return state
}

/**
 * Judges stored records by the present model, as if they came now: steps 3 to 7, under the subjects' lock. The chunk has an entry
 * for each record (`recordLines`), which is `updated` where its person changed, or would be told otherwise than last time.
 */
export async function relinkChunk<Composed>(
  tx: PoolClient,
  deps: LinkDeps<Composed>,
  chunk: ClaimedChunk,
  { recordLines, index, open }: RecordAccess & { recordLines: ReadonlyMap<Index, number> },
): Promise<ChunkState> {
  await deps.lock(tx)
  const { model } = deps.scoringModel
  const touched = await readTouched(tx, [...recordLines.keys()], { model, index, open })
  const blocking = rewrittenBlocking(touched)
  const lines = linesOfRelinked(recordLines)
  const context = { families: FAMILIES_AS_STORED, lines, open, seen: new Footprint() }
  const found = await findPersons(tx, deps, touched, context)
  const linked = { ...NOTHING_BROUGHT, persons: withOwnLines(found, recordLines), blocking }
  const { state, told } = await saveLinked(tx, deps, chunk, linked, { index, seal: sealNothing, open })
  const decisions = [...recordLines.values()].map(
    (line): EntryDecision => ({ line, key: null, outcome: told.has(line) ? 'updated' : 'unchanged' }),
  )
  await saveEntries(tx, chunk, decisions)
  return state
}
