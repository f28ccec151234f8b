import type { PoolClient } from 'pg'
import { countCodes, encodeReport } from '../../domain/report.ts'
import { CHUNK, type ChunkState, type Counts } from '../../domain/states.ts'
import { holdLedger } from '../../engine/chunks/corrections.sql.ts'
import { insertEntries, saveCounts } from '../../engine/chunks/ledger.sql.ts'
import { noteErasedAgain } from '../../engine/erase/again.sql.ts'
import { saveReport } from '../../engine/report.sql.ts'
import type { ClaimedChunk } from '../../engine/stage.ts'
import { dropClaims } from '../subjects/claims.sql.ts'
import { countChanges, noteChange } from '../subjects/marks.sql.ts'
import { packMarks } from '../subjects/marks.ts'
import { preferIndexes } from '../subjects/subjects.sql.ts'
import { catchUp, type DatedPlan, metSince } from './ahead/catch-up.db.ts'
import { type ChunkPlan, joinPlans } from './ahead/plan.ts'
import { touchedNames } from './ahead/touched-names.ts'
import { noteSnapshotKeys } from './entries/snapshot-keys.db.ts'
import type { ChunkContent, LinkDeps } from './link-deps.db.ts'
import { changedSubjects, countOutcomes, insertChanges, updateChanges } from './save.db.ts'
import { type KnownKeys, workAnew, workEntries } from './work-chunk.db.ts'

/** Works a pushed chunk before its transaction, in one of its own that only reads. `upTo` is the change before which the keys were read. */
export async function planChunk<Composed>(
  tx: PoolClient,
  deps: LinkDeps<Composed>,
  chunk: ClaimedChunk,
  content: ChunkContent,
  { upTo, ...known }: KnownKeys & { upTo: string },
): Promise<DatedPlan> {
  await preferIndexes(tx)
  return { plan: await workEntries(tx, deps, chunk, content, known), upTo }
}

/**
 * Links a pushed chunk by a plan that was made before. The subjects' lock is taken last: under it there is left to see whether
 * others have changed what the plan depends on, to work that part anew, and to write the rows that others write, too.
 */
export async function linkChunk<Composed>(
  tx: PoolClient,
  deps: LinkDeps<Composed>,
  chunk: ClaimedChunk,
  content: ChunkContent,
  ahead: DatedPlan | undefined,
): Promise<ChunkState> {
  const linking = new Linking(tx, deps, chunk, content)
  await preferIndexes(tx)
  const current = ahead && (await linking.refresh(ahead))
  const early = current && (await linking.insertCurrent(current))
  const summary = early && summaryOf(early.plan)
  deps.crash('link:inserted')
  if (early === undefined) await holdLedger(tx, chunk.batch)
  await deps.lock(tx)
  deps.crash('link:locked')
  const plan = await linking.settle(early)
  deps.crash('link:mended')
  return linking.finish(plan, summary && plan === early.plan ? summary : summaryOf(plan))
}

const BEFORE_ROWS = 'before_rows'
// So often rows are inserted anew before the lock; then it is taken, and nobody is faster any more.
const MOST_INSERTED = 2

/** One chunk on its way through its transaction. */
class Linking<Composed> {
  private readonly tx: PoolClient
  private readonly deps: LinkDeps<Composed>
  private readonly chunk: ClaimedChunk
  private readonly content: ChunkContent

  constructor(tx: PoolClient, deps: LinkDeps<Composed>, chunk: ClaimedChunk, content: ChunkContent) {
    this.tx = tx
    this.deps = deps
    this.chunk = chunk
    this.content = content
  }

  /** Brings the plan up to date before the lock: most of what has changed meanwhile is mended here, where nobody waits. */
  async refresh(ahead: DatedPlan): Promise<DatedPlan | undefined> {
    const { tx, deps, chunk, content } = this
    try {
      const caught = await catchUp(tx, deps, { chunk, content }, ahead)
      if (caught.is === 'whole') return { plan: ahead.plan, upTo: caught.upTo }
      if (caught.is === 'mended') return { plan: joinPlans(caught.rest, caught.fresh), upTo: caught.upTo }
      deps.noteAnew(chunk.entries)
      const upTo = await countChanges(tx)
      return { plan: await workAnew(tx, deps, chunk, content), upTo }
    } catch (error) {
      return unlessBroken(error)
    }
  }

  /** Inserts what nobody else can insert. Undefined where somebody has done so all the same, whose lease had ended: then there is nothing yet. */
  async insertEarly(current: DatedPlan): Promise<DatedPlan | undefined> {
    const { tx } = this
    await tx.query(`savepoint ${BEFORE_ROWS}`)
    try {
      await this.insert(current.plan)
      await this.deliver(current.plan)
      return current
    } catch (error) {
      if (!isTaken(error)) throw error
      await tx.query(`rollback to savepoint ${BEFORE_ROWS}`)
      return undefined
    }
  }

  /**
   * Inserts what nobody else can insert, and looks again at what others have changed meanwhile: to insert takes longer than all that
   * comes after it, and what is mended here keeps nobody waiting.
   */
  async insertCurrent(current: DatedPlan): Promise<DatedPlan | undefined> {
    const { tx, deps, chunk, content } = this
    let inserted = await this.insertEarly(current)
    for (let tries = 0; tries < MOST_INSERTED && inserted !== undefined; tries++) {
      const since = await metSince(tx, deps, { chunk, content, isWritten: true }, inserted).catch(unlessBroken)
      if (since?.is === 'whole') return { plan: inserted.plan, upTo: since.upTo }
      await tx.query(`rollback to savepoint ${BEFORE_ROWS}`)
      const mended: DatedPlan | undefined = await this.refresh(inserted)
      inserted = mended && (await this.insertEarly(mended))
    }
    return inserted
  }

  /** Under the lock: what is to be written after all, its own rows and the delivery inserted. */
  async settle(early: DatedPlan | undefined): Promise<ChunkPlan> {
    const { tx, deps, chunk, content } = this
    if (early !== undefined) {
      const since = await metSince(tx, deps, { chunk, content, isWritten: true }, early)
      if (since.is === 'whole') return early.plan
      await tx.query(`rollback to savepoint ${BEFORE_ROWS}`)
      // PostgreSQL frees locks that were taken after the savepoint: others may have changed more until they are taken again.
      await holdLedger(tx, chunk.batch)
      await deps.lock(tx)
    }
    const plan = early === undefined ? await workAnew(tx, deps, chunk, content) : await this.mend(early)
    await this.insert(plan)
    await this.deliver(plan)
    return plan
  }

  /** A plan of which nothing is written any more, as it is to be by now. */
  private async mend(early: DatedPlan): Promise<ChunkPlan> {
    const { tx, deps, chunk, content } = this
    const caught = await catchUp(tx, deps, { chunk, content }, early)
    if (caught.is === 'whole') return early.plan
    if (caught.is === 'mended') return joinPlans(caught.rest, caught.fresh)
    deps.noteAnew(chunk.entries)
    return workAnew(tx, deps, chunk, content)
  }

  /** Writes all that is left, and says what was touched. */
  async finish(
    { changes, findings, lines, oversized }: ChunkPlan,
    { counts, report, marks }: Summary,
  ): Promise<ChunkState> {
    const { tx, deps, chunk } = this
    await updateChanges(tx, deps, chunk, changes)
    await deps.follow(tx, [...new Set(changedSubjects(changes))])
    await saveCounts(tx, chunk.id, counts)
    if (report) await saveReport(tx, chunk.id, 'link', report.findings, report.codes)
    await noteErasedAgain(tx, { batch: chunk.batch, chunk: chunk.id }, findings)
    if (oversized > 0) deps.noteOversized(oversized)
    await dropClaims(tx, [chunk.id])
    await noteChange(tx, marks)
    return lines.length > 0 ? CHUNK.linked : CHUNK.settled
  }

  private async insert({ changes, entries, decisions }: ChunkPlan): Promise<void> {
    const { tx, chunk } = this
    await insertChanges(tx, chunk, changes)
    await insertEntries(tx, chunk.batch, chunk.id, decisions)
    if (chunk.isSnapshot) await noteSnapshotKeys(tx, chunk, entries, decisions)
  }

  private async deliver({ lines, beside }: ChunkPlan): Promise<void> {
    const { tx, deps, chunk } = this
    if (lines.length > 0) await deps.deliver(tx, chunk, deps.compose(chunk, lines, beside))
  }
}

/** What is said of a whole chunk at its end: made before the lock where it can be. */
type Summary = {
  counts: Counts
  report: { findings: Buffer; codes: Record<string, number> } | undefined
  marks: Buffer
}

function summaryOf(plan: ChunkPlan): Summary {
  const findings = plan.findings.toSorted((a, b) => a.line - b.line)
  return {
    counts: countOutcomes(plan.decisions),
    report: findings.length > 0 ? { findings: encodeReport(findings), codes: countCodes(findings) } : undefined,
    marks: packMarks(touchedNames(plan)),
  }
}

/** Another transaction has inserted the same key, or the two waited for each other. */
function isTaken(error: unknown): boolean {
  const { code } = error as { code?: string }
  return code === '23505' || code === '40P01'
}

/** What was read while others changed it may contradict itself: then it is read again under the lock. What the database says is no such thing. */
export function unlessBroken(error: unknown): undefined {
  if (error instanceof Error && 'code' in error) throw error
  return undefined
}
