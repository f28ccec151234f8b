import type { PoolClient } from 'pg'
import type { SubjectId } from '../../domain/ids.ts'
import { countCodes, encodeReport } from '../../domain/report.ts'
import { CHUNK, type ChunkState, type Counts } from '../../domain/states.ts'
import { insertEntries, saveCounts } from '../../engine/chunks/ledger.sql.ts'
import { saveReport } from '../../engine/report.sql.ts'
import type { ClaimedChunk } from '../../engine/stage.ts'
import type { Model } from '../score/model.ts'
import { insertBlocking } from '../subjects/blocking.sql.ts'
import { recordContentsOf, recordKeysOf } from '../subjects/prepare.ts'
import type { Opener } from '../subjects/source-record.ts'
import type { Index, LastSeen } from '../subjects/subject.ts'
import { countChanges, lockSubjects, lookUpKeys } from '../subjects/subjects.sql.ts'
import { type BlockingChanges, blockingChanges, rewrittenBlocking } from './candidates/blocking-changes.db.ts'
import { findCandidates } from './candidates/candidates.db.ts'
import { type ScoredEdges, scoreCandidates } from './candidates/score-candidates.ts'
import { readTouched } from './candidates/touched.db.ts'
import { alonePersons, partTied, type TouchedRecord, touchedRecords } from './candidates/touched.ts'
import { decide, type EntryDecision, type RecordChange } from './entries/decide.ts'
import { readLedgerView } from './entries/ledger.db.ts'
import { load } from './entries/load.db.ts'
import { type KeyedEntries, partReusedKeys } from './entries/reused-keys.db.ts'
import { noteSnapshotKeys } from './entries/snapshot-keys.db.ts'
import { storedStates } from './entries/stored-states.ts'
import { checkFamilies } from './families/check-families.db.ts'
import { FAMILIES_AS_STORED, type FamilyIds } from './families/family-ids.ts'
import type { ResolvedFamilies } from './families/family-register.ts'
import { resolveFamilies } from './families/resolve-families.db.ts'
import type { ChunkContent, LinkDeps, RecordAccess } from './link-deps.db.ts'
import { idsLeadingTo } from './merged-ids.db.ts'
import { type Assignment, assignIds } from './persons/assign-ids.ts'
import { personsOfDecisions } from './persons/decided-persons.db.ts'
import { type GroupedPersons, groupNeighbourhood } from './persons/group-neighbourhood.ts'
import { type LineSource, lineOfDecision, linesOfChanges, linesOfRelinked } from './persons/lines.ts'
import { loadNeighbourhood, type NeighbourhoodStart } from './persons/neighbourhood.db.ts'
import { type ChunkChanges, saveChanges, sourceWrites } from './save.db.ts'
import { type Told, tell } from './tell/tell.db.ts'
import { withOwnLines, withReviewNews } from './tell/told-if-other.ts'
import { unplacedFindings } from './tell/unplaced.ts'
import { readWaiting, type Waiting, withWaiting } from './tell/waiting.db.ts'
import { type WithdrawnSubject, withdrawnLines } from './tell/withdrawn-lines.db.ts'

/**
 * Links a pushed chunk under the subjects' lock. Each step takes values and gives values; only the last ones write.
 *
 * 1. Load what is stored of the chunk's keys, persons and families, and what the ledger says. A record whose key stands for
 *    somebody else goes by a key of its own.
 * 2. Decide about each entry: new, updated, unchanged or held. Resolve the families that entries named, once.
 * 3. Find candidates: stored and brought records that a touched record may be one person with.
 * 4. Score the candidate pairs. What may be a match or a possible match is an edge.
 * 5. Cluster: load the whole neighbourhood of the edges and part it into persons.
 * 6. Assign each group its id: the one it had, the one of a merge undone, or a new one.
 *    Check the rules over families whose members changed.
 * 7. Save: merge golden records, write what changed in sets, deliver.
 */
export async function linkChunk<Composed>(
  tx: PoolClient,
  deps: LinkDeps<Composed>,
  chunk: ClaimedChunk,
  content: ChunkContent,
): Promise<ChunkState> {
  const { ahead, index, open, draw, seal } = content
  const { model } = deps.scoringModel
  await insertBlocking(tx, content.blocking)
  await lockSubjects(tx)

  // 1. Load
  const isStill = (await countChanges(tx)) === ahead.changes
  const known = isStill ? ahead : await readAgain(tx, content, chunk, model)
  const keyed = await partReusedKeys(tx, { entries: content.entries, ...known }, { ...chunk, index, open })
  const ledger = await readLedgerView(tx, chunk, keyed.entries, keyed.rows, content.lastDay)
  const loaded = await load(tx, keyed, { platform: chunk.platform, index })

  // 2. Decide
  const { newPerson, newFamily } = deps
  const decided = decide(keyed.entries, loaded, ledger, { ...chunk, index, newPerson, newFamily })
  if (chunk.isSnapshot) await noteSnapshotKeys(tx, chunk, keyed.entries, decided.decisions)
  const { changes, ...families } = await resolveFamilies(tx, decided, open)

  // 3 to 6. Find candidates, score, cluster, assign
  const touched = touchedRecords(changes, draw)
  const blocking = await blockingChanges(tx, touched, content.blocking, { model, index, open })
  const lines = linesOfChanges(changes)
  const { survivorship } = deps
  const waiting = await readWaiting(tx, families, { survivorship, index })
  const named = await findPersons(tx, deps, touched, { families: families.ids, lines, open, waiting })
  const persons = withReviewNews(named, named.reviewChanged, lines)

  const found = await checkFamilies(tx, { changes, persons, families, survivorship, open })

  // 7. Save
  const { lastSeen } = decided
  const linked = { families, changes, lastSeen, persons, blocking, withdrawn: [], lost: [] }
  const { state, unplaced } = await saveLinked(tx, deps, chunk, linked, { index, seal, open })
  await saveEntries(tx, chunk, decided.decisions)
  const findings = [...decided.findings, ...found, ...unplacedFindings(unplaced, changes)].sort(byLine)
  if (findings.length > 0) await saveReport(tx, chunk.id, 'link', encodeReport(findings), countCodes(findings))
  return state
}

/** What is stored of the chunk's keys, read under the lock because somebody was faster. */
async function readAgain(
  tx: PoolClient,
  { entries, draw, open }: ChunkContent,
  chunk: ClaimedChunk,
  model: Model,
): Promise<Pick<KeyedEntries, 'rows' | 'stored'>> {
  const rows = await lookUpKeys(tx, recordKeysOf(entries), recordContentsOf(entries))
  return { rows, stored: storedStates(entries, rows, chunk, { model, draw, open }) }
}

/**
 * Lets the subjects follow what stewards decided: steps 5 to 7, from the persons that the decisions of the batch are about.
 * The chunk has one entry, which is `updated` if any person became another.
 */
export async function linkDecision<Composed>(
  tx: PoolClient,
  deps: LinkDeps<Composed>,
  chunk: ClaimedChunk,
  { index, open }: RecordAccess,
): Promise<ChunkState> {
  await lockSubjects(tx)
  const start = { brought: [], persons: await personsOfDecisions(tx, chunk.batch) }
  const lines = lineOfDecision(chunk.firstLine)
  const found = await regroup(tx, deps, start, [], { families: FAMILIES_AS_STORED, lines, open })
  const persons = withReviewNews(found, 'all', lines)
  const linked = { ...NOTHING_BROUGHT, persons }
  const { state } = await saveLinked(tx, deps, chunk, linked, { index, seal: sealNothing, open })
  const outcome = state === CHUNK.linked ? 'updated' : 'unchanged'
  await saveEntries(tx, chunk, [{ line: chunk.firstLine, key: null, outcome }])
  return state
}

/**
 * Judges stored records by the present model, as if they came now: steps 3 to 7. The chunk has an entry for each record
 * (`recordLines`), which is `updated` where its person changed, or would be told otherwise than last time.
 */
export async function relinkChunk<Composed>(
  tx: PoolClient,
  deps: LinkDeps<Composed>,
  chunk: ClaimedChunk,
  { recordLines, index, open }: RecordAccess & { recordLines: ReadonlyMap<Index, number> },
): Promise<ChunkState> {
  await lockSubjects(tx)
  const { model } = deps.scoringModel
  const touched = await readTouched(tx, [...recordLines.keys()], { model, index, open })
  const blocking = rewrittenBlocking(touched)
  const lines = linesOfRelinked(recordLines)
  const found = await findPersons(tx, deps, touched, { families: FAMILIES_AS_STORED, lines, open })
  const linked = { ...NOTHING_BROUGHT, persons: withOwnLines(found, recordLines), blocking }
  const { state, told } = await saveLinked(tx, deps, chunk, linked, { index, seal: sealNothing, open })
  const decisions = [...recordLines.values()].map(
    (line): EntryDecision => ({ line, key: null, outcome: told.has(line) ? 'updated' : 'unchanged' }),
  )
  await saveEntries(tx, chunk, decisions)
  return state
}

/** The persons of records, and what changes at the review desk. */
export type FoundPersons = Assignment & Pick<GroupedPersons, 'reviews' | 'reviewChanged'>

/** What the search for persons is told besides the records. */
type PersonContext = { families: FamilyIds; lines: LineSource; open: Opener; waiting?: Waiting }

/** Steps 3 to 6: finds the person of each touched record, among those of other touched and of stored records. */
async function findPersons<Composed>(
  tx: PoolClient,
  deps: LinkDeps<Composed>,
  touched: readonly TouchedRecord[],
  context: PersonContext,
): Promise<FoundPersons> {
  const candidates = await findCandidates(tx, touched, context.families, context.open)
  if (candidates.oversized > 0) deps.noteOversized(candidates.oversized)
  const { edges, persons } = scoreCandidates(candidates, deps.scoringModel)
  const { tied, alone } = partTied(touched, edges)
  const { waiting = NOBODY } = context
  const start = { brought: tied, persons: new Set([...persons, ...waiting.keys()]) }
  const found = await regroup(tx, deps, start, edges, context)
  return { ...found, persons: withWaiting([...found.persons, ...alonePersons(alone, context.lines.brought)], waiting) }
}

/** Steps 5 and 6: parts the neighbourhood of some records into persons, and gives each its id. */
export async function regroup<Composed>(
  tx: PoolClient,
  { scoringModel, newPerson }: LinkDeps<Composed>,
  start: NeighbourhoodStart,
  edges: ScoredEdges['edges'],
  { families, lines, open }: PersonContext,
): Promise<FoundPersons> {
  const { same } = scoringModel.thresholds
  const neighbourhood = await loadNeighbourhood(tx, start, { same, open, familyNow: families.now })
  const grouped = groupNeighbourhood(neighbourhood, edges, scoringModel)
  const { reviews, reviewChanged } = grouped
  return { ...assignIds(grouped.groups, neighbourhood, lines, newPerson, grouped), reviews, reviewChanged }
}

/** All that was found out about a chunk, not yet written. */
export type LinkedChunk = {
  families: ResolvedFamilies
  changes: ReadonlyMap<Index, RecordChange>
  lastSeen: ReadonlyMap<Index, LastSeen>
  persons: FoundPersons
  blocking: BlockingChanges
  /** Subjects of which nothing is left. */
  withdrawn: readonly WithdrawnSubject[]
  /** Subjects that a record was taken from. */
  lost: readonly SubjectId[]
}

const NOBODY: Waiting = new Map()

export const NOTHING_BROUGHT: Omit<LinkedChunk, 'persons'> = {
  families: { ids: FAMILIES_AS_STORED, families: [], identifiers: [] },
  changes: new Map(),
  lastSeen: new Map(),
  blocking: { added: [], removed: [] },
  withdrawn: [],
  lost: [],
}

/** Step 7: merges the golden records, writes what changed, and delivers what BPS is told. */
export async function saveLinked<Composed>(
  tx: PoolClient,
  deps: LinkDeps<Composed>,
  chunk: ClaimedChunk,
  { families, changes, lastSeen, persons, blocking, withdrawn, lost }: LinkedChunk,
  { index, seal, open }: Pick<ChunkContent, 'index' | 'seal' | 'open'>,
): Promise<{ state: ChunkState; told: ReadonlySet<number> } & Pick<Told, 'unplaced'>> {
  const { survivorship, scoringModel, newReview, regionOf, registerOf } = deps
  const linked = [...families.families, ...persons.persons]
  const redirects = [...families.ids.redirects(), ...persons.merged, ...persons.redirected]
  const merged = await idsLeadingTo(tx, linked, redirects, persons.revived)
  const { lines, beside, subjects, ended, unplaced } = await tell(
    tx,
    { families: families.families, persons: persons.persons, redirects, merged, revived: persons.revived },
    { batch: chunk.batch, survivorship, index, regionOf, registerOf, familyNow: families.ids.now, open },
  )
  const sources = sourceWrites(changes, { persons: persons.persons, families: families.ids }, seal)
  const { moves, reviews } = persons
  const { identifiers } = families
  const written = { subjects, redirects, ended, ...sources, moves, identifiers, lastSeen, blocking, reviews }
  await saveChanges(tx, chunk, written, { newReview, model: scoringModel.version })
  const all = [...lines, ...(await withdrawnLines(tx, withdrawn, chunk.batch))]
  await deps.follow(tx, [...new Set([...changedSubjects(written), ...lost])])
  if (all.length > 0) await deps.deliver(tx, chunk, deps.compose(chunk, all, beside))
  const told = new Set(all.flatMap(({ entries }) => entries.map(([, line]) => line)))
  return { state: all.length > 0 ? CHUNK.linked : CHUNK.settled, told, unplaced }
}

export async function saveEntries(
  tx: PoolClient,
  chunk: ClaimedChunk,
  decisions: readonly EntryDecision[],
): Promise<void> {
  await insertEntries(tx, chunk.batch, chunk.id, decisions)
  await saveCounts(tx, chunk.id, countOutcomes(decisions))
}

function countOutcomes(decisions: readonly EntryDecision[]): Counts {
  const counts: Counts = { new: 0, updated: 0, unchanged: 0, rejected: 0, held: 0 }
  for (const { outcome } of decisions) counts[outcome] += 1
  return counts
}

/** The subjects that have other records than before, or others of them. */
function changedSubjects({ subjects, redirects, added, changed, moves }: ChunkChanges): SubjectId[] {
  const ids = [...subjects.map(({ id }) => id), ...redirects.map(({ into }) => into)]
  for (const sources of [added, changed, moves]) ids.push(...sources.map(({ subject }) => subject))
  return ids
}

function byLine(a: { line: number }, b: { line: number }): number {
  return a.line - b.line
}

export function sealNothing(): never {
  throw new Error('no record is brought')
}
