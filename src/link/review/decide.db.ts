import type { Pool } from 'pg'
import { TitianError } from '../../domain/error.ts'
import { OWN_PLATFORM } from '../../engine/own-batch.sql.ts'
import { newId } from '../../io/ids.ts'
import { inTransaction } from '../../io/postgres/postgres.ts'
import type { AgreedCoverage } from '../../trust/agreements/coverage.ts'
import { appendAudit } from '../../trust/audit/audit.sql.ts'
import { noteReading } from '../../trust/audit/reading.db.ts'
import { openReason, sealReason } from '../../trust/keys/reason.ts'
import type { Vault } from '../../trust/keys/vault.ts'
import type { ScoringModel } from '../score/evidence.ts'
import { decideReview, type StewardAnswer, showReview } from './desk.db.ts'
import type { ShownReview } from './shown-review.ts'

export type DeskDeps = {
  db: Pool
  vault: Pick<Vault, 'seal' | 'open'>
  scoringModel: ScoringModel
  coverage: AgreedCoverage
  /** The number of source records from which a merge counts only when a second steward agrees; 1: every decision. */
  fourEyesFrom: number
  /** Dispatches a platform's due chunks; its failure harms nothing, the sweeper dispatches again. */
  dispatch(platform: string): Promise<unknown>
}

/** What became of an answer that was taken: `noted` waits for a second steward. */
export type Taken = 'decided' | 'noted' | 'later'

/** Opens a review for a steward; that they saw it is written down before they do. Throws `not-found`. */
export async function readForSteward(
  { db, vault, scoringModel, coverage }: DeskDeps,
  id: string,
  by: string,
): Promise<ShownReview> {
  const shown = await showReview({ db, vault, scoringModel, coverage }, id)
  if (shown === undefined) throw new TitianError('not-found')
  const records = shown.records.filter((record) => record !== null).length
  await noteReading(db, { actor: by, action: 'review.read', object: id, shown: { purpose: 'stewardship', records } })
  const { opinionReason, reason } = shown.review
  const review = {
    ...shown.review,
    opinionReason: opened(vault, opinionReason),
    reason: opened(vault, reason),
  }
  return { ...shown, review }
}

/**
 * Takes a steward's answer and writes it down in one transaction. Throws `not-found`, `review-closed` when it is decided, and
 * `second-steward` when both opinions would be one's.
 */
export async function answerReview(
  { db, vault, fourEyesFrom, dispatch }: DeskDeps,
  id: string,
  { decision, by, reason }: Omit<StewardAnswer, 'fourEyesFrom'>,
): Promise<Taken> {
  const sealed = sealReason(vault, reason)
  const fresh = { batch: newId('bat'), chunk: newId('chk') }
  const taken = await inTransaction(db, async (tx) => {
    const answered = await decideReview(tx, id, { decision, by, reason: sealed, fourEyesFrom }, fresh)
    if (answered === 'unknown') throw new TitianError('not-found')
    if (answered === 'closed') throw new TitianError('review-closed')
    if (answered === 'same-eyes') throw new TitianError('second-steward')
    await appendAudit(tx, {
      actor: by,
      action: `review.${decision}`,
      object: id,
      details: { taken: answered, reason: sealed },
    })
    return answered
  })
  if (taken === 'decided') await dispatch(OWN_PLATFORM).catch(() => undefined)
  return taken
}

function opened(vault: Pick<Vault, 'open'>, reason: string | null): string | null {
  return reason === null ? null : openReason(vault, reason)
}
