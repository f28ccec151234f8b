import type { PoolClient } from 'pg'
import type { SubjectId } from '../../domain/ids.ts'
import { CHUNK, type ChunkState } from '../../domain/states.ts'
import type { ClaimedChunk } from '../../engine/stage.ts'
import { readRecordsByKey, readSources } from '../subjects/source.sql.ts'
import { sourceRecordOf } from '../subjects/source-record.ts'
import type { Index } from '../subjects/subject.ts'
import { readSubjectsById } from '../subjects/subjects.sql.ts'
import { Footprint } from './ahead/footprint.ts'
import { rewrittenBlocking } from './candidates/blocking-changes.db.ts'
import { readTouched } from './candidates/touched.db.ts'
import type { EntryDecision } from './entries/decide.ts'
import { FAMILIES_AS_STORED } from './families/family-ids.ts'
import type { LinkDeps, RecordAccess } from './link-deps.db.ts'
import type { LinkedSubject } from './linked-subject.ts'
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
  { recordLines, index, open, numbers }: RecordAccess & { recordLines: ReadonlyMap<Index, number> },
): Promise<ChunkState> {
  await deps.lock(tx)
  const { model } = deps.scoringModel
  const touched = await readTouched(tx, [...recordLines.keys()], { model, index, open })
  const blocking = rewrittenBlocking(touched, numbers)
  const lines = linesOfRelinked(recordLines)
  const context = { families: FAMILIES_AS_STORED, lines, open, numbers, seen: new Footprint() }
  const found = await findPersons(tx, deps, touched, context)
  const linked = { ...NOTHING_BROUGHT, persons: withOwnLines(found, recordLines), blocking }
  const { state, told } = await saveLinked(tx, deps, chunk, linked, { index, seal: sealNothing, open })
  const decisions = [...recordLines.values()].map(
    (line): EntryDecision => ({ line, key: null, outcome: told.has(line) ? 'updated' : 'unchanged' }),
  )
  await saveEntries(tx, chunk, decisions)
  return state
}

/**
 * Tells the subjects of stored records anew, those whose line says something else than last time: the data of a person is restricted
 * from now on, or no longer. The chunk has an entry for each record (`recordLines`), which is `updated` where its subject is told.
 */
export async function retellChunk<Composed>(
  tx: PoolClient,
  deps: LinkDeps<Composed>,
  chunk: ClaimedChunk,
  { recordLines, index, open }: RecordAccess & { recordLines: ReadonlyMap<Index, number> },
): Promise<ChunkState> {
  await deps.lock(tx)
  const rows = await readRecordsByKey(tx, [...recordLines.keys()])
  const subjects = new Set(rows.map(({ subject }) => subject))
  const start = { brought: [], persons: new Set([...subjects].filter((id) => id.startsWith('per_'))) }
  const lines = linesOfRelinked(recordLines)
  const context = { families: FAMILIES_AS_STORED, lines, open, seen: new Footprint() }
  const persons = withOwnLines(await regroup(tx, deps, start, [], context), recordLines)
  const families = await familiesToTell(
    tx,
    [...subjects].filter((id) => id.startsWith('fam_')),
    { recordLines, open },
  )
  const linked = {
    ...NOTHING_BROUGHT,
    persons,
    families: { ids: FAMILIES_AS_STORED, families, identifiers: [] },
  }
  const { state, told } = await saveLinked(tx, deps, chunk, linked, { index, seal: sealNothing, open })
  const decisions = [...recordLines.values()].map(
    (line): EntryDecision => ({ line, key: null, outcome: told.has(line) ? 'updated' : 'unchanged' }),
  )
  await saveEntries(tx, chunk, decisions)
  // What BPS said meanwhile goes out as well.
  await deps.follow(tx, [...subjects])
  return state
}

async function familiesToTell(
  tx: PoolClient,
  ids: readonly SubjectId[],
  { recordLines, open }: Pick<RecordAccess, 'open'> & { recordLines: ReadonlyMap<Index, number> },
): Promise<LinkedSubject[]> {
  const sources = Map.groupBy(await readSources(tx, ids), ({ subject }) => subject)
  return (await readSubjectsById(tx, ids)).map((subject) => {
    const own = sources.get(subject.id) ?? []
    return {
      subject,
      sources: own.map((row) => sourceRecordOf(row, open, (family) => family)),
      lines: new Set(own.flatMap(({ key }) => recordLines.get(key) ?? [])),
      isToldIfOther: true,
      isChanged: false,
    }
  })
}
