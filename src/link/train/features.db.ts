import type { Pool } from 'pg'
import type { SubjectId } from '../../domain/ids.ts'
import type { Db } from '../../io/postgres/postgres.ts'
import type { Vault } from '../../trust/keys/vault.ts'
import { type FamilyOfFeatures, type Features, featuresOf } from '../compare/features.ts'
import { openRecord } from '../subjects/sealed-record/open-record.db.ts'
import { countPersonRecords, personRecordsAfter, readSources } from '../subjects/source.sql.ts'
import type { StoredRecord } from '../subjects/source-record.ts'

const PAGE = 5000

/**
 * Features of the stored records of persons, and how many such records there are. Of more than `most` some persons are
 * taken whole, with all of their records: of records drawn one by one hardly two would be one person's.
 */
export async function readFeatures(
  db: Pool,
  vault: Pick<Vault, 'open'>,
  most: number,
): Promise<{ allFeatures: Features[]; families: FamilyOfFeatures; population: number }> {
  const population = await countPersonRecords(db)
  const allFeatures: Features[] = []
  const families = new Map<Features, string>()
  const taken = new Set<SubjectId>()
  let after = ''
  while (allFeatures.length < most) {
    const drawn = await personRecordsAfter(db, after, Math.min(PAGE, most - allFeatures.length))
    for (const row of population > most ? await wholePersons(db, drawn, taken) : drawn) {
      const features = featuresOf(openRecord(row, vault), `${row.platform}|${row.dataset}`)
      allFeatures.push(features)
      if (row.family !== null) families.set(features, row.family)
    }
    const last = drawn.at(-1)
    if (last === undefined) break
    after = last.key
  }
  return { allFeatures, families, population }
}

/** All records of the persons of the next records. Keys are hashes, so those persons are as good as drawn by lot. */
async function wholePersons(db: Db, drawn: readonly StoredRecord[], taken: Set<SubjectId>): Promise<StoredRecord[]> {
  const fresh = new Set(drawn.map(({ subject }) => subject).filter((subject) => !taken.has(subject)))
  for (const subject of fresh) taken.add(subject)
  return readSources(db, [...fresh])
}
