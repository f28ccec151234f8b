import type { PoolClient } from 'pg'
import type { SubjectId } from '../../domain/ids.ts'
import { blockingKeys } from '../block/blocking-keys.ts'
import { featuresOf } from '../compare/features.ts'
import { dropPossibleMatches, reviewsOf } from '../review/review.sql.ts'
import type { Model } from '../score/model.ts'
import type { Indexer } from '../subjects/prepare.ts'
import { deleteSources } from '../subjects/removal.sql.ts'
import { readRecordsByKey } from '../subjects/source.sql.ts'
import type { Opener } from '../subjects/source-record.ts'
import type { BlockingRow } from '../subjects/subject.ts'
import type { GoneRecord } from './standing.db.ts'

/** What is to be forgotten beside the records, and the persons that a review had beside a withdrawn record. */
export type Removed = { blocking: BlockingRow[]; neighbours: Set<SubjectId> }

/**
 * Deletes records and closes the open reviews that name them. The persons at the other end of such a review are judged again:
 * another record of the same person may be the one to ask about now.
 */
export async function removeRecords(
  tx: PoolClient,
  gone: readonly GoneRecord[],
  { model, index, open }: { model: Model; index: Indexer; open: Opener },
): Promise<Removed> {
  const persons = gone.filter(({ subject }) => subject.startsWith('per_'))
  const blocking = persons.flatMap(({ key, platform, dataset, sealed }) =>
    blockingKeys(featuresOf(open(key, platform, sealed), `${platform}|${dataset}`), model, index).stored.map(
      (stored): BlockingRow => ({ key: stored, record: key }),
    ),
  )
  const keys = gone.map(({ key }) => key)
  const reviews = await reviewsOf(tx, keys)
  const others = await readRecordsByKey(tx, [...new Set(reviews.flatMap(({ a, b }) => [a, b]))])
  await dropPossibleMatches(
    tx,
    reviews.map(({ id }) => id),
  )
  await deleteSources(tx, keys)
  return { blocking, neighbours: new Set(others.map(({ subject }) => subject)) }
}
