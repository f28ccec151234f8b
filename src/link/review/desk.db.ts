import type { Pool, PoolClient } from 'pg'
import { TitianError } from '../../domain/error.ts'
import type { BatchId, ChunkId } from '../../domain/ids.ts'
import type { Db } from '../../io/postgres/postgres.ts'
import type { AgreedCoverage } from '../../trust/agreements/coverage.ts'
import type { Vault } from '../../trust/keys/vault.ts'
import { areTwo, isPerson } from '../../trust/people/two-persons.ts'
import { withIndexes } from '../../trust/reindex/gate.db.ts'
import { compare } from '../compare/compare.ts'
import { featuresOf } from '../compare/features.ts'
import { evidenceOf, type ScoringModel } from '../score/evidence.ts'
import { fieldsOf } from '../score/explain.ts'
import { scoreOf } from '../score/model.ts'
import { openCovered } from '../subjects/sealed-record/open-record.db.ts'
import { readRecordsByKey, readSources } from '../subjects/source.sql.ts'
import type { StoredRecord } from '../subjects/source-record.ts'
import { areOfOneFamily } from '../subjects/source-record.ts'
import type { Index } from '../subjects/subject.ts'
import { openCorrection } from './correction.db.ts'
import { saveDecisions } from './decision.sql.ts'
import { needsTwo } from './four-eyes.ts'
import { acrossOf } from './pair-decision.ts'
import { closeReview, lockReview, putOff, readReview, saveOpinion } from './review.sql.ts'
import type { Opinion, Review } from './review.ts'
import type { ShownRecord, ShownReview } from './shown-review.ts'

type ShowDeps = { vault: Pick<Vault, 'open'>; scoringModel: ScoringModel; coverage: AgreedCoverage }

/** Opens the two source records of a possible match, as far as agreements cover them, and says how they agree. */
export async function showReview(
  { db, ...deps }: ShowDeps & { db: Pool },
  id: string,
): Promise<ShownReview | undefined> {
  const review = await readReview(db, id)
  return review && (await showReviews({ db, ...deps }, [review]))[0]
}

/** The same of several possible matches, in their order. */
export async function showReviews(
  { db, ...deps }: ShowDeps & { db: Pool },
  reviews: readonly Review[],
): Promise<ShownReview[]> {
  const keys = new Set(reviews.flatMap(({ a, b }) => [a, b]))
  const rows = new Map((await readRecordsByKey(db, [...keys])).map((row) => [row.key, row]))
  return reviews.map((review) => shownOf(deps, review, rows.get(review.a), rows.get(review.b)))
}

function shownOf(
  { vault, scoringModel, coverage }: ShowDeps,
  review: Review,
  first: StoredRecord | undefined,
  second: StoredRecord | undefined,
): ShownReview {
  const [a, b] = [shown(first, vault, coverage), shown(second, vault, coverage)]
  if (a === null || b === null) return { review, records: [a, b], fields: [], score: null, override: null }
  const { model, thresholds } = scoringModel
  const [one, other] = [featuresOfShown(a), featuresOfShown(b)]
  const isOneFamily = areOfOneFamily(first, second)
  const comparison = compare(one, other, model.extras, isOneFamily)
  const { weight, override } = evidenceOf(one, other, scoringModel, isOneFamily)
  const shownOverride = override ?? (review.state === 'open' && weight >= thresholds.same ? 'others' : null)
  const score = scoreOf(comparison, model)
  return { review, records: [a, b], fields: fieldsOf(comparison, model), score, override: shownOverride }
}

/** What became of an answer of a steward: `unknown` when there is no such possible match, `closed` when it is decided already. */
export type Answered = 'decided' | 'noted' | 'later' | 'unknown' | 'closed' | 'same-eyes'

/** What a steward answers to a possible match. */
export type StewardAnswer = {
  decision: Opinion | 'later'
  by: string
  reason: string
  /** The number of source records from which a merge counts only when a second steward says the same; 1: every decision. */
  fourEyesFrom: number
}

/**
 * Takes a steward's answer. What is decided holds for ever, whatever is pushed again, and goes through the pipeline as a batch
 * of its own (dispatch the platform `titian` after the commit), which merges or parts the persons and tells BPS.
 */
export async function decideReview(
  tx: PoolClient,
  id: string,
  { decision, by, reason, fourEyesFrom }: StewardAnswer,
  fresh: { batch: BatchId; chunk: ChunkId },
): Promise<Answered> {
  await withIndexes(tx)
  const review = await lockReview(tx, id)
  if (review === undefined) return 'unknown'
  if (review.state !== 'open') return 'closed'
  if (decision === 'later') {
    await putOff(tx, review.id)
    return 'later'
  }
  const [some, others] = await personsOf(tx, review)
  const isForTwo = needsTwo(fourEyesFrom, { decision, records: some.length + others.length })
  if (isForTwo && !isPerson(by)) throw new TitianError('person-missing')
  // An opinion that no person stands behind is none.
  if (isForTwo && (review.opinion !== decision || !isPerson(review.opinionBy ?? ''))) {
    await saveOpinion(tx, review.id, { opinion: decision, by, reason })
    return 'noted'
  }
  if (isForTwo && !areTwo(review.opinionBy ?? by, by)) return 'same-eyes'
  await closeReview(tx, review.id, { decision, by, reason })
  await openCorrection(tx, { ...fresh, key: review.id })
  await saveDecisions(tx, fresh.batch, acrossOf(some, others, decision), { by, reason })
  return 'decided'
}

/** All records of the two persons: what is decided of two of their records is decided of the persons. */
export async function personsOf(tx: Db, { a, b }: Pick<Review, 'a' | 'b'>): Promise<[Index[], Index[]]> {
  const subjects = new Map((await readRecordsByKey(tx, [a, b])).map(({ key, subject }) => [key, subject]))
  const sources = await readSources(tx, [...new Set(subjects.values())])
  const recordsOf = (key: Index) => [
    key,
    ...sources
      .filter((source) => source.key !== key && source.subject === subjects.get(key))
      .map((source) => source.key),
  ]
  const [some, others] = [recordsOf(a), recordsOf(b)]
  return [some, others.filter((key) => !some.includes(key))]
}

function shown(
  row: StoredRecord | undefined,
  vault: Pick<Vault, 'open'>,
  coverage: AgreedCoverage,
): ShownRecord | null {
  if (row === undefined) return null
  const { platform, dataset, subject: person } = row
  return { platform, dataset, person, record: openCovered(row, vault, coverage) }
}

function featuresOfShown({ platform, dataset, record }: ShownRecord) {
  return featuresOf(record, `${platform}|${dataset}`)
}
