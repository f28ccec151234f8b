import type { Pool, PoolClient } from 'pg'
import type { GoldenLine } from '../../domain/golden.ts'
import type { FamilyId, PersonId, ReviewId, SubjectId } from '../../domain/ids.ts'
import { countCodes, encodeReport } from '../../domain/report.ts'
import { CHUNK, type ChunkState, type Counts } from '../../domain/states.ts'
import { insertEntries, saveCounts } from '../../engine/chunks/ledger.sql.ts'
import { hasNewerBatch, readOvertaken, readSeen } from '../../engine/chunks/order.sql.ts'
import { saveReport } from '../../engine/report.sql.ts'
import type { ClaimedChunk } from '../../engine/stage.ts'
import type { Vault } from '../../trust/keys/vault.ts'
import type { Draw } from '../block/features-of-chunk.ts'
import type { ScoringModel } from '../score/evidence.ts'
import { type BlockingRow, insertBlocking } from '../subjects/blocking.sql.ts'
import { contentsOf, type Incoming, type Indexer, keysOf, type Prepared } from '../subjects/prepare.ts'
import { type Index, resolveSubject, type Subject } from '../subjects/subject.ts'
import { countChanges, type KeyRow, lockSubjects, lookUpKeys, readMerged } from '../subjects/subjects.sql.ts'
import type { Survivorship } from '../subjects/survivorship.ts'
import { type Decision, decide } from './decide.ts'
import { goldenLines } from './golden-lines.ts'
import { loadSources, loadWorld, type Opener } from './load.db.ts'
import { linkPersons, relinkPersons, relinkRecords } from './resolve.db.ts'
import { writeWorld } from './save.db.ts'
import type { Receipt } from './status.ts'
import { absorb, emptyWorld, type World } from './working-set.ts'

/** `Composed` is whatever the forward stage makes of golden lines; linking only hands it on. */
export type LinkDeps<Composed> = {
  db: Pool
  vault: Vault
  survivorship: Survivorship
  scoringModel: ScoringModel
  newPerson: () => PersonId
  newFamily: () => FamilyId
  newReview: () => ReviewId
  /** Told how many blocks of a chunk were too large to be compared. */
  noteOversized: (blocks: number) => void
  /** Packs the golden records of a chunk into a delivery, without touching the database. */
  compose: (chunk: ClaimedChunk, lines: readonly GoldenLine[]) => Composed
  /** Stores the delivery in the transaction that links the chunk. */
  deliver: (tx: PoolClient, chunk: ClaimedChunk, composed: Composed) => Promise<void>
}

export type ChunkContent = {
  entries: readonly Prepared[]
  /** How the keys stood when the subjects had seen so many changes. */
  ahead: { changes: string; rows: KeyRow[] }
  index: Indexer
  seal: (incoming: Incoming) => Buffer
  open: Opener
  draw: Draw
  /** Blocking keys of records that nobody knew when it was looked: written before the lock, useless if somebody was faster. */
  blocking: readonly BlockingRow[]
}

/** Links a chunk under the subjects' lock: reads what it touches, decides in memory, writes in sets. */
export async function linkChunk<Composed>(
  tx: PoolClient,
  deps: LinkDeps<Composed>,
  chunk: ClaimedChunk,
  { entries, ahead, index, seal, open, draw, blocking }: ChunkContent,
): Promise<ChunkState> {
  await insertBlocking(tx, blocking)
  await lockSubjects(tx)
  const isStill = (await countChanges(tx)) === ahead.changes
  const rows = isStill ? ahead.rows : await lookUpKeys(tx, keysOf(entries), contentsOf(entries))
  const receipt = await readReceipt(tx, chunk, entries, rows)
  const world = await loadWorld(tx, entries, rows, { platform: chunk.platform, index, open })
  const { newPerson, newFamily, scoringModel } = deps
  const { decisions, findings } = decide(entries, world, { ...chunk, receipt, index, newPerson, newFamily })
  // Families first: that two records name one speaks for one person.
  await loadSources(tx, world, familiesOf(world), open)
  followRecords(world)
  const brought = { draw, inserted: new Set(blocking.map(({ record }) => record)) }
  const { oversized } = await linkPersons(tx, world, { scoringModel, index, open, newPerson }, brought)
  if (oversized > 0) deps.noteOversized(oversized)
  const state = await deliverWorld(tx, deps, chunk, world, { index, seal })
  await insertEntries(tx, chunk.batch, chunk.id, decisions)
  await saveCounts(tx, chunk.id, countOutcomes(decisions))
  if (findings.length > 0) await saveReport(tx, chunk.id, 'link', encodeReport(findings), countCodes(findings))
  return state
}

/** Lets the subjects follow what stewards decided: a chunk of one entry, which is `updated` if any person became another. */
export async function linkDecision<Composed>(
  tx: PoolClient,
  deps: LinkDeps<Composed>,
  chunk: ClaimedChunk,
  { index, open }: Pick<ChunkContent, 'index' | 'open'>,
): Promise<ChunkState> {
  await lockSubjects(tx)
  const world = emptyWorld()
  const { newPerson, scoringModel } = deps
  await relinkPersons(tx, world, { scoringModel, index, open, newPerson }, chunk.batch)
  const state = await deliverWorld(tx, deps, chunk, world, { index, seal: sealNothing })
  const outcome = state === CHUNK.linked ? 'updated' : 'unchanged'
  const decisions: Decision[] = [{ line: chunk.firstLine, key: null, outcome }]
  await insertEntries(tx, chunk.batch, chunk.id, decisions)
  await saveCounts(tx, chunk.id, countOutcomes(decisions))
  return state
}

/** Judges stored records by the present model: a chunk with an entry for each, `updated` where its person changed. */
export async function relinkChunk<Composed>(
  tx: PoolClient,
  deps: LinkDeps<Composed>,
  chunk: ClaimedChunk,
  { lines, index, open }: Pick<ChunkContent, 'index' | 'open'> & { lines: ReadonlyMap<Index, number> },
): Promise<ChunkState> {
  await lockSubjects(tx)
  const world = emptyWorld()
  const { newPerson, scoringModel } = deps
  const { oversized } = await relinkRecords(tx, world, { scoringModel, index, open, newPerson }, lines)
  if (oversized > 0) deps.noteOversized(oversized)
  const state = await deliverWorld(tx, deps, chunk, world, { index, seal: sealNothing })
  const told = new Set(
    [...world.subjects.values()].flatMap(({ into, lines }) => (into === undefined ? [...lines] : [])),
  )
  const decisions = [...lines.values()].map(
    (line): Decision => ({ line, key: null, outcome: told.has(line) ? 'updated' : 'unchanged' }),
  )
  await insertEntries(tx, chunk.batch, chunk.id, decisions)
  await saveCounts(tx, chunk.id, countOutcomes(decisions))
  return state
}

function sealNothing(): never {
  throw new Error('a decision brings no record')
}

/** Composes what BPS is told of the world, and writes both. */
async function deliverWorld<Composed>(
  tx: PoolClient,
  deps: LinkDeps<Composed>,
  chunk: ClaimedChunk,
  world: World,
  { index, seal }: Pick<ChunkContent, 'index' | 'seal'>,
): Promise<ChunkState> {
  const touched = [...world.subjects.values()].filter(({ into, lines }) => into === undefined && lines.size > 0)
  const mergedInto = await readMergedInto(tx, world, touched)
  const lines = goldenLines(world, mergedInto, { batch: chunk.batch, rules: deps.survivorship, index })
  await writeWorld(tx, world, chunk, seal, { newReview: deps.newReview, model: deps.scoringModel.version })
  if (lines.length > 0) await deps.deliver(tx, chunk, deps.compose(chunk, lines))
  return lines.length > 0 ? CHUNK.linked : CHUNK.settled
}

/** What the ledger says about the changed entries: asked only where something known has changed. */
async function readReceipt(
  tx: PoolClient,
  chunk: ClaimedChunk,
  entries: readonly Prepared[],
  rows: readonly KeyRow[],
): Promise<Receipt> {
  const { batch, receiptOrder } = chunk
  const changed = changedEntries(entries, rows)
  const seen = await readSeen(tx, batch, changed)
  const isOvertaken = changed.length > 0 && (await hasNewerBatch(tx, chunk))
  return {
    batch,
    order: BigInt(receiptOrder),
    seen: new Map(seen.map(({ key, line }) => [key, line])),
    overtaken: new Set(isOvertaken ? await readOvertaken(tx, receiptOrder, changed) : []),
  }
}

function changedEntries(entries: readonly Prepared[], rows: readonly KeyRow[]): Index[] {
  const changed = new Set<number>()
  for (const { at, subject } of rows) if (subject !== null) changed.add(at)
  if (changed.size === 0) return []
  const keys: Index[] = []
  let at = 0
  for (const { key, records } of entries) {
    const first = at
    at += records.length
    if (key !== null && records.some((_, i) => changed.has(first + i))) keys.push(key)
  }
  return keys
}

/** Families whose own records are needed for their golden record and were not needed to decide. */
function familiesOf(world: World): Subject[] {
  return [...world.subjects.values()].filter(
    (subject) => subject.level === 'keluarga' && resolveSubject(subject).lines.size > 0,
  )
}

/** A subject whose last record went to another one goes there too. */
function followRecords(world: World): void {
  for (const subject of world.subjects.values()) {
    if (subject.into !== undefined || subject.leftFor === undefined || subject.sources.size > 0) continue
    const survivor = resolveSubject(subject.leftFor)
    const line = Math.max(...subject.lines)
    if (survivor !== subject) absorb(world, survivor, subject, line)
  }
}

async function readMergedInto(
  tx: PoolClient,
  world: World,
  touched: readonly Subject[],
): Promise<Map<SubjectId, SubjectId[]>> {
  const known = touched.filter(({ isNew }) => !isNew).map(({ id }) => id)
  const elsewhere = new Set(world.redirects.map(({ from }) => from))
  const merged = (await readMerged(tx, known)).filter(({ id }) => !elsewhere.has(id))
  for (const loser of world.united) merged.push({ id: loser.id, into: resolveSubject(loser).id })
  for (const { from, into } of world.redirects) merged.push({ id: from, into: resolveSubject(into).id })
  const mergedInto = new Map<SubjectId, SubjectId[]>()
  for (const { id, into } of merged) {
    if (world.subjects.get(id)?.isRevived) continue
    const ids = mergedInto.get(into)
    if (ids) ids.push(id)
    else mergedInto.set(into, [id])
  }
  return mergedInto
}

function countOutcomes(decisions: readonly Decision[]): Counts {
  const counts: Counts = { new: 0, updated: 0, unchanged: 0, rejected: 0, held: 0 }
  for (const { outcome } of decisions) counts[outcome] += 1
  return counts
}
