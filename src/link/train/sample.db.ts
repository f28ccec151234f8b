import type { Pool } from 'pg'
import type { Vault } from '../../trust/keys/vault.ts'
import { featuresOf } from '../compare/features.ts'
import type { ScoringModel } from '../score/evidence.ts'
import { openRecord } from '../subjects/sealed-record/open-record.db.ts'
import { personRecordsAfter, readSources } from '../subjects/source.sql.ts'
import type { StoredRecord } from '../subjects/source-record.ts'
import { figuresOf, type SampledRecord, type SampleFigures } from './sample-figures.ts'

type SampleDeps = { db: Pool; vault: Pick<Vault, 'open'>; scoringModel: ScoringModel }

/**
 * Draws records of persons and tells how they are linked. Keys are keyed hashes, so the first ones in their order are as good as
 * drawn by lot, and the same ones each time: figures change only with the registry. Nothing of their contents is given.
 */
export async function readSampleFigures({ db, vault, scoringModel }: SampleDeps, most: number): Promise<SampleFigures> {
  const drawn = await personRecordsAfter(db, '', most)
  const persons = new Map<string, SampledRecord[]>()
  const byKey = new Map<string, SampledRecord>()
  for (const row of await readSources(db, [...new Set(drawn.map(({ subject }) => subject))])) {
    const record = sampled(row, vault)
    byKey.set(row.key, record)
    persons.set(record.person, [...(persons.get(record.person) ?? []), record])
  }
  const records = drawn.flatMap(({ key }) => byKey.get(key) ?? [])
  return figuresOf(records, persons, scoringModel)
}

function sampled(row: StoredRecord, vault: Pick<Vault, 'open'>): SampledRecord {
  const { platform, dataset, subject: person, family } = row
  return { features: featuresOf(openRecord(row, vault), `${platform}|${dataset}`), person, family }
}
