import type { PoolClient } from 'pg'
import { blockingKeys } from '../../block/blocking-keys.ts'
import type { Model } from '../../score/model.ts'
import type { Indexer } from '../../subjects/prepare.ts'
import { readRecordsByKey } from '../../subjects/source.sql.ts'
import type { Opener } from '../../subjects/source-record.ts'
import type { Index } from '../../subjects/subject.ts'
import { readSubjectsById } from '../../subjects/subjects.sql.ts'
import { FAMILIES_AS_STORED } from '../families/family-ids.ts'
import { memberOf } from './stored-person.ts'
import type { TouchedRecord } from './touched.ts'

/** Stored records of persons as if they came now; those that are gone are left out. */
export async function readTouched(
  tx: PoolClient,
  keys: readonly Index[],
  { model, index, open }: { model: Model; index: Indexer; open: Opener },
): Promise<TouchedRecord[]> {
  const rows = await readRecordsByKey(tx, keys)
  const subjects = await readSubjectsById(tx, [...new Set(rows.map(({ subject }) => subject))])
  const persons = new Map(subjects.map((subject) => [subject.id, subject]))
  return rows.map((row) => {
    const person = persons.get(row.subject)
    if (person === undefined) throw new Error(`a record leads to ${row.subject}, which is not there`)
    const { key, source, subject, features } = memberOf(row, person, open, FAMILIES_AS_STORED.now)
    return { key, source, subject, features, keys: blockingKeys(features, model, index), isStored: true }
  })
}
