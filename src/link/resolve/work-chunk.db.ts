import type { PoolClient } from 'pg'
import type { FamilyId } from '../../domain/ids.ts'
import type { ClaimedChunk } from '../../engine/stage.ts'
import { readLaterWithdrawals } from '../../engine/withdrawals/order.sql.ts'
import { recordContentsOf, recordKeysOf } from '../subjects/prepare.ts'
import { lookUpKeys } from '../subjects/subjects.sql.ts'
import { Footprint, nameOfEnd, nameOfLine, type Tie } from './ahead/footprint.ts'
import type { ChunkPlan } from './ahead/plan.ts'
import { blockingChanges } from './candidates/blocking-changes.db.ts'
import { touchedRecords } from './candidates/touched.ts'
import { decide, type RecordChange } from './entries/decide.ts'
import { readLedgerView } from './entries/ledger.db.ts'
import { load } from './entries/load.db.ts'
import { type KeyedEntries, partReusedKeys } from './entries/reused-keys.db.ts'
import { storedStates } from './entries/stored-states.ts'
import { checkFamilies } from './families/check-families.db.ts'
import type { ResolvedFamilies } from './families/family-register.ts'
import { resolveFamilies } from './families/resolve-families.db.ts'
import type { ChunkContent, LinkDeps } from './link-deps.db.ts'
import { type FoundPersons, findPersons } from './persons/find-persons.db.ts'
import { linesOfChanges } from './persons/lines.ts'
import { planLinked } from './plan-linked.db.ts'
import { withReviewNews } from './tell/told-if-other.ts'
import { unplacedFindings } from './tell/unplaced.ts'
import { readWaiting } from './tell/waiting.db.ts'

/** How the keys of a chunk stand, and what is stored of its changed records. */
export type KnownKeys = Pick<KeyedEntries, 'rows' | 'stored'>

/**
 * Works entries of a pushed chunk: says what is to be written and told, and writes nothing. Each step takes values and gives
 * values.
 *
 * 1. Load what is stored of the chunk's keys, persons and families, and what the ledger says. A record whose key stands for
 *    somebody else goes by a key of its own.
 * 2. Decide about each entry: new, updated, unchanged or held. Resolve the families that entries named, once.
 * 3. Find candidates: stored and brought records that a touched record may be one person with.
 * 4. Score the candidate pairs. What may be a match or a possible match is an edge.
 * 5. Cluster: load the whole neighbourhood of the edges and part it into persons.
 * 6. Assign each group its id: the one it had, the one of a merge undone, or a new one.
 *    Check the rules over families whose members changed.
 * 7. Merge golden records, and say what is written and told.
 */
export async function workEntries<Composed>(
  tx: PoolClient,
  deps: LinkDeps<Composed>,
  chunk: ClaimedChunk,
  content: ChunkContent,
  known: KnownKeys,
): Promise<ChunkPlan> {
  const { index, open, numbers, draw, seal, lastDay } = content
  const { newPerson, newFamily, survivorship, scoringModel } = deps
  const seen = new Footprint()

  // 1. Load
  const keyed = await partReusedKeys(tx, { entries: content.entries, ...known }, { ...chunk, index, open })
  const later = await readLaterWithdrawals(tx, chunk)
  const ledger = await readLedgerView(tx, chunk, keyed.entries, keyed.rows, { lastDay, later, index })
  const loaded = await load(tx, keyed, { platform: chunk.platform, index, seen })
  for (const entries of [content.entries, keyed.entries]) seen.note(() => entries.map(tieOfEntry))
  seen.note(() => [...loaded.records].flatMap(([key, { subject }]) => (subject === undefined ? [] : [[key, subject]])))

  // 2. Decide
  const decided = decide(keyed.entries, loaded, ledger, { ...chunk, index, newPerson, newFamily })
  const { changes, ...families } = await resolveFamilies(tx, decided, open)

  // 3 to 6. Find candidates, score, cluster, assign
  const touched = touchedRecords(changes, draw)
  const blocking = await blockingChanges(tx, touched, { model: scoringModel.model, index, open, numbers })
  const lines = linesOfChanges(changes)
  const waiting = await readWaiting(tx, families, { survivorship, coverage: deps.coverage, index })
  const named = await findPersons(tx, deps, touched, { families: families.ids, lines, open, numbers, seen, waiting })
  const persons = withReviewNews(named, named.reviewChanged, lines)
  const found = await checkFamilies(tx, { changes, persons, families, survivorship, open })
  seen.note(() => tiesOfChanges(changes))
  seen.note(() => tiesOfSubjects(families, persons))

  // 7. Say what is written and told
  const { lastSeen, decisions } = decided
  const linked = { families, changes, lastSeen, persons, blocking, withdrawn: [], lost: [] }
  const { unplaced, ...told } = await planLinked(tx, deps, chunk, linked, { index, seal, open })
  seen.note(() => told.lines.flatMap((line) => ('into' in line ? [[line.subject, line.into]] : [])))
  return {
    ...told,
    entries: keyed.entries,
    decisions,
    findings: [...decided.findings, ...found, ...unplacedFindings(unplaced, changes)],
    reviewed: new Map(persons.open.map((review) => [review.id, review])),
    leaving: [...blocking.leaving, ...familiesSoFar(persons)],
    oversized: persons.oversized,
    later,
    seen,
  }
}

/** Works entries after it was looked up how their keys stand. */
export async function workAnew<Composed>(
  tx: PoolClient,
  deps: LinkDeps<Composed>,
  chunk: ClaimedChunk,
  content: ChunkContent,
): Promise<ChunkPlan> {
  const { entries, draw, open } = content
  const rows = await lookUpKeys(tx, recordKeysOf(entries), recordContentsOf(entries))
  const stored = storedStates(entries, rows, chunk, { model: deps.scoringModel.model, draw, open })
  return workEntries(tx, deps, chunk, content, { rows, stored })
}

/** The families that persons whom the entries change were told with last time. */
function familiesSoFar({ persons }: FoundPersons): FamilyId[] {
  return persons.flatMap(({ subject, lines }) => (lines.size > 0 && subject.family !== null ? [subject.family] : []))
}

function tieOfEntry({ line, key, records }: ChunkContent['entries'][number]): Tie {
  return [nameOfLine(line), ...(key === null ? [] : [key]), ...records.map((record) => record.key)]
}

function* tiesOfChanges(changes: ReadonlyMap<string, RecordChange>): Generator<Tie> {
  for (const [key, { incoming, subject, source }] of changes) {
    yield [nameOfLine(incoming.line), key, subject.id, ...(source.family ? [source.family] : [])]
  }
}

function* tiesOfSubjects(
  { ids, families }: Pick<ResolvedFamilies, 'ids' | 'families'>,
  { persons, merged, redirected, moves }: FoundPersons,
): Generator<Tie> {
  for (const { subject, sources, lines, left } of [...families, ...persons]) {
    yield [
      subject.id,
      ...(subject.family ? [subject.family] : []),
      ...(left ? [left] : []),
      ...[...lines].map(nameOfLine),
      ...sources.flatMap(({ key, family, former }) => [key, ...(family ? [family] : []), ...(former ? [former] : [])]),
    ]
  }
  for (const { from, into } of [...ids.redirects(), ...merged, ...redirected]) yield [from, into, nameOfEnd(from)]
  for (const { key, subject } of moves) yield [key, subject]
}
