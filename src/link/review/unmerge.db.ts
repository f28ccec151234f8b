import type { PoolClient } from 'pg'
import { TitianError } from '../../domain/error.ts'
import type { BatchId, ChunkId, SubjectId } from '../../domain/ids.ts'
import { areTwo, isPerson } from '../../trust/people/two-persons.ts'
import { withIndexes } from '../../trust/reindex/gate.db.ts'
import { readSources } from '../subjects/source.sql.ts'
import type { Index } from '../subjects/subject.ts'
import { openCorrection } from './correction.db.ts'
import { saveDecisions } from './decision.sql.ts'
import { acrossOf } from './pair-decision.ts'
import { deleteUnmergeOpinion, readUnmergeOpinion, saveUnmergeOpinion } from './unmerge-opinion.sql.ts'

/**
 * What became of a wish to part a person: `noted` until a second steward says the same, `unknown` id, records that are `not-theirs`, no
 * record would stay, other records than were seen, or both opinions would be one person's.
 */
export type Unmerged = 'parted' | 'noted' | 'unknown' | 'not-theirs' | 'none-stays' | 'changed' | 'same-eyes'

/** A wish to part a person: who is `leaving`, by key index; `seen` are all records that the steward saw, if it is known. */
export type UnmergeWish = {
  person: SubjectId
  leaving: readonly Index[]
  by: string
  reason: string
  seen?: readonly Index[]
  /** The number of a person's source records from which a second steward has to say the same. */
  fourEyesFrom?: number
}

/**
 * Takes source records away from a person for good: whatever is pushed, they are never one person again with those that stay.
 * The subjects follow by a batch of their own (dispatch the platform `titian` after the commit). The records that stay keep
 * the person's id; records that had been a person before a merge are that person again.
 */
export async function unmergePerson(
  tx: PoolClient,
  { person, leaving, by, reason, seen, fourEyesFrom = Number.POSITIVE_INFINITY }: UnmergeWish,
  fresh: { batch: BatchId; chunk: ChunkId },
): Promise<Unmerged> {
  await withIndexes(tx)
  const keys = (await readSources(tx, [person])).map(({ key }) => key)
  if (keys.length === 0) return 'unknown'
  if (seen !== undefined && (seen.length !== keys.length || seen.some((key) => !keys.includes(key)))) return 'changed'
  if (leaving.length === 0 || leaving.some((key) => !keys.includes(key))) return 'not-theirs'
  const staying = keys.filter((key) => !leaving.includes(key))
  if (staying.length === 0) return 'none-stays'
  if (keys.length >= fourEyesFrom) {
    if (!isPerson(by)) throw new TitianError('person-missing')
    const earlier = await readUnmergeOpinion(tx, person)
    // An opinion that no person stands behind is none.
    if (!isPerson(earlier?.by ?? '') || earlier?.leaving.join() !== leaving.toSorted().join()) {
      await saveUnmergeOpinion(tx, { person, leaving, by, reason })
      return 'noted'
    }
    if (!areTwo(earlier.by, by)) return 'same-eyes'
  }
  await deleteUnmergeOpinion(tx, person)
  await openCorrection(tx, { ...fresh, key: person })
  const apart = acrossOf(leaving, staying, 'different').map((pair) => ({ ...pair, leaver: pair.a }))
  await saveDecisions(tx, fresh.batch, apart, { by, reason })
  return 'parted'
}
