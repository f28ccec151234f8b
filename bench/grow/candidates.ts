import type { Pool } from 'pg'
import { readCleanedText, writeCleaned } from '../../src/engine/chunks/cleaned-text.ts'
import { possibleIn } from '../../src/link/block/dated-rows.ts'
import { drawer } from '../../src/link/block/features-of-chunk.ts'
import { personRecordOf } from '../../src/link/resolve/candidates/stored-person.ts'
import { evidenceOf } from '../../src/link/score/evidence.ts'
import { lookUpBlocks } from '../../src/link/subjects/blocking.sql.ts'
import { prepare, rememberingIndexer } from '../../src/link/subjects/prepare.ts'
import { openRecord } from '../../src/link/subjects/sealed-record/open-record.db.ts'
import { readRecordsByKey } from '../../src/link/subjects/source.sql.ts'
import { hiddenNumbers } from '../../src/trust/keys/hidden-number.ts'
import type { Vault } from '../../src/trust/keys/vault.ts'
import { families } from '../families.ts'
import type { Linking } from '../registry.ts'

/** Stored records that are read for each record of a person, and the percentage of them that are the same person. */
export type Candidates = { perRecord: number; linkedPercent: number }

const FAMILIES = 1000
const DATASET = 'carik'

/**
 * What is read for families of the bench, from number `first` on, if another platform sent them now: nothing is written.
 * Of families that are stored it is themselves and strangers, of others strangers alone.
 */
export async function countCandidates(
  { db, vault, registry, scoringModel }: { db: Pool; vault: Vault } & Linking,
  first: number,
): Promise<Candidates> {
  const dataset = registry.datasets.get(DATASET)
  const platform = registry.platforms.get('carik-jakarta')
  if (dataset === undefined || platform === undefined) throw new Error('the registry has no carik')
  const texts = [...families(FAMILIES, 1, first)]
  const cleaned = texts.map((text, at) => dataset.clean({ line: at + 1, form: 'object', text }, platform))
  const source = { platform: 'another-platform', dataset: DATASET }
  const index = rememberingIndexer((purpose, value) => vault.indexText(purpose, value))
  const numbers = hiddenNumbers(index)
  const draw = drawer(scoringModel.model, source, index)
  const drawn = prepare(readCleanedText(writeCleaned(cleaned)), source, index)
    .flatMap(({ records }) => records)
    .filter(({ level }) => level === 'individu')
    .map(draw)
  const { blocks } = await lookUpBlocks(db, [...new Set(drawn.flatMap(({ keys }) => keys.asked))])
  const met = drawn.map(({ keys, features }) => possibleIn(blocks, keys.asked, features, numbers))
  const rows = await readRecordsByKey(db, [...new Set(met.flatMap((keys) => [...keys]))])
  const open = (key: string, of: string, sealed: Buffer) => openRecord({ key, platform: of, sealed }, vault)
  const stored = new Map(rows.map((row) => [row.key, personRecordOf(row, open, (id) => id)]))
  let [pairs, linked] = [0, 0]
  for (const [at, { features }] of drawn.entries()) {
    for (const key of met[at] ?? []) {
      const other = stored.get(key)
      if (other === undefined) continue
      pairs += 1
      if (evidenceOf(features, other.features, scoringModel).weight >= scoringModel.thresholds.same) linked += 1
    }
  }
  return { perRecord: pairs / drawn.length, linkedPercent: pairs === 0 ? 0 : (100 * linked) / pairs }
}
