import type { PoolClient } from 'pg'
import { TitianError } from '../../domain/error.ts'
import type { BatchId, ChunkId } from '../../domain/ids.ts'
import { OWN_PLATFORM } from '../../engine/own-batch.sql.ts'
import { newId } from '../../io/ids.ts'
import { inTransaction } from '../../io/postgres/postgres.ts'
import { appendAudit } from '../../trust/audit/audit.sql.ts'
import { sealReason } from '../../trust/keys/reason.ts'
import { withIndexes } from '../../trust/reindex/gate.db.ts'
import { readRecordsByKey, readSources } from '../subjects/source.sql.ts'
import type { StoredRecord } from '../subjects/source-record.ts'
import type { Index } from '../subjects/subject.ts'
import { openCorrection } from './correction.db.ts'
import type { DeskDeps } from './decide.db.ts'
import { decisionsBeside, saveDecisions } from './decision.sql.ts'
import { acrossOf, type PairDecision } from './pair-decision.ts'
import { closeReview, lockReview } from './review.sql.ts'
import type { Opinion, Review } from './review.ts'

/**
 * What became of a wish to turn a decision round: it is not the caller's (`not-own`), it is not worked yet (`not-yet`), or
 * something was built on it since (`built-on`): a record came to one of the persons or left it, or another decision.
 */
export type Reversed = 'reversed' | 'unknown' | 'open' | 'not-own' | 'not-yet' | 'built-on'

/**
 * Turns a steward's own decision round, and writes it down in one transaction: two who were made one person are parted, two who
 * were kept apart become one. Of as many records as want four eyes nobody does that alone: throws `second-steward`. Throws `not-found`.
 */
export async function reverseForSteward(
  { db, vault, fourEyesFrom, dispatch }: DeskDeps,
  id: string,
  { by, reason }: { by: string; reason: string },
): Promise<Exclude<Reversed, 'unknown'>> {
  const sealed = sealReason(vault, reason)
  const fresh = { batch: newId('bat'), chunk: newId('chk') }
  const reversed = await inTransaction(db, async (tx) => {
    const done = await reverseDecision(tx, id, { by, reason: sealed, fourEyesFrom }, fresh)
    if (done === 'reversed')
      await appendAudit(tx, { actor: by, action: 'review.reversed', object: id, details: { reason: sealed } })
    return done
  })
  if (reversed === 'unknown') throw new TitianError('not-found')
  if (reversed === 'reversed') await dispatch(OWN_PLATFORM).catch(() => undefined)
  return reversed
}

async function reverseDecision(
  tx: PoolClient,
  id: string,
  { by, reason, fourEyesFrom }: { by: string; reason: string; fourEyesFrom: number },
  fresh: { batch: BatchId; chunk: ChunkId },
): Promise<Reversed> {
  await withIndexes(tx)
  const review = await lockReview(tx, id)
  if (review === undefined) return 'unknown'
  if (review.decision === null) return 'open'
  if (review.decidedBy !== by) return 'not-own'
  const decided = await decisionsBeside(tx, review)
  if (decided.some(({ decision }) => decision !== review.decision)) return 'built-on'
  const [some, others] = [partnersOf(review.b, decided), partnersOf(review.a, decided)]
  if (some.length + others.length >= fourEyesFrom) throw new TitianError('second-steward')
  const rows = await readRecordsByKey(tx, [...some, ...others])
  const state = await stateOf(tx, review, rows, some.length + others.length)
  if (state !== 'as-decided') return state
  const decision: Opinion = review.decision === 'same' ? 'different' : 'same'
  await closeReview(tx, review.id, { decision, by, reason })
  await openCorrection(tx, { ...fresh, key: review.id })
  await saveDecisions(tx, fresh.batch, turned(some, others, decision, rows), { by, reason })
  return 'reversed'
}

/** The records on the other side of a decision, which was made about all pairs of two persons' records. */
function partnersOf(record: Index, decided: readonly PairDecision[]): Index[] {
  return decided.flatMap(({ a, b }) => (a === record ? [b] : b === record ? [a] : []))
}

/** Whether the persons consist of the records that the decision was about, and of no other. */
async function stateOf(
  tx: PoolClient,
  { a, b, decision }: Review,
  rows: readonly StoredRecord[],
  expected: number,
): Promise<'as-decided' | 'not-yet' | 'built-on'> {
  const subjectOf = (key: Index) => rows.find((row) => row.key === key)?.subject
  const [one, other] = [subjectOf(a), subjectOf(b)]
  if (one === undefined || other === undefined) return 'built-on'
  if ((one === other) !== (decision === 'same')) return 'not-yet'
  const now = await readSources(tx, [...new Set([one, other])])
  const isWhole = now.length === expected && now.every(({ key }) => rows.some((row) => row.key === key))
  return isWhole ? 'as-decided' : 'built-on'
}

/** Of two sides that part, the one that had been a person of its own leaves, and is that person again. */
function turned(some: Index[], others: Index[], decision: Opinion, rows: readonly StoredRecord[]): PairDecision[] {
  if (decision === 'same') return acrossOf(some, others, decision)
  const hadOwn = (key: Index) => rows.some((row) => row.key === key && row.former !== null)
  const [leaving, staying] = some.every(hadOwn) ? [some, others] : [others, some]
  return acrossOf(leaving, staying, decision).map((pair) => ({ ...pair, leaver: pair.a }))
}
