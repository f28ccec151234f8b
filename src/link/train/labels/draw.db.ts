import { randomBytes, randomInt } from 'node:crypto'
import type { Pool } from 'pg'
import { TitianError } from '../../../domain/error.ts'
import { newId } from '../../../io/ids.ts'
import { inTransaction } from '../../../io/postgres/postgres.ts'
import { appendAudit } from '../../../trust/audit/audit.sql.ts'
import type { Vault } from '../../../trust/keys/vault.ts'
import { areIndexesOf } from '../../../trust/reindex/gate.db.ts'
import { readIndexKey } from '../../../trust/reindex/gate.sql.ts'
import { blockingKeys } from '../../block/blocking-keys.ts'
import { type Features, featuresOf } from '../../compare/features.ts'
import { evidenceOf, type ScoringModel } from '../../score/evidence.ts'
import { lookUpBlocks } from '../../subjects/blocking.sql.ts'
import { openRecord } from '../../subjects/sealed-record/open-record.db.ts'
import { personRecordsAfter, readRecordsByKey, readSources } from '../../subjects/source.sql.ts'
import { areOfOneFamily, type StoredRecord } from '../../subjects/source-record.ts'
import type { Index } from '../../subjects/subject.ts'
import { insertRound } from './label.sql.ts'
import { StratifiedDraw } from './strata.ts'

export type DrawDeps = { db: Pool; vault: Pick<Vault, 'open' | 'index'>; scoringModel: ScoringModel }

/** Records that are looked at for one drawing, so many at a time, until there are enough candidate pairs. */
const MOST_RECORDS = 2000
const AT_ONCE = 100
const MOST_PAIRS = 20_000
const INDEX_BYTES = 32

/**
 * Draws candidate pairs by strata for stewards to label: records from a random place in the order of key indexes, which are keyed
 * hashes, and all that each is compared with. Gives the id of the round; undefined where there is no pair.
 */
export async function drawRound(deps: DrawDeps, by: string): Promise<string | undefined> {
  const { db, scoringModel } = deps
  const { version } = await readIndexKey(db)
  const draw = new StratifiedDraw((end) => randomInt(end))
  const start = randomBytes(INDEX_BYTES).toString('hex')
  let [records, pairs] = [0, 0]
  let from: Index = start
  let isWrapped = false
  while (records < MOST_RECORDS && pairs < MOST_PAIRS) {
    const read = await personRecordsAfter(db, from, AT_ONCE)
    const some = isWrapped ? read.filter(({ key }) => key <= start) : read
    records += some.length
    pairs += await addPairsOf(deps, some, draw)
    if (read.length === AT_ONCE && some.length === read.length) from = read.at(-1)?.key ?? from
    else if (isWrapped) break
    else [from, isWrapped] = ['', true]
  }
  const drawn = draw.end()
  if (drawn.pairs.length === 0) return undefined
  const id = newId('lbl')
  await inTransaction(db, async (tx) => {
    if (!(await areIndexesOf(tx, version))) throw new TitianError('indexes-moving')
    await insertRound(tx, { id, model: scoringModel.version, records, by }, drawn)
    await appendAudit(tx, { actor: by, action: 'labels.drawn', object: id, details: { pairs: drawn.pairs.length } })
  })
  return id
}

/** Adds every pair of these records and whatever they are compared or linked with; gives how many. */
async function addPairsOf(
  { db, vault, scoringModel }: DrawDeps,
  some: readonly StoredRecord[],
  draw: StratifiedDraw,
): Promise<number> {
  const { model } = scoringModel
  const featuresBy = new Map<Index, Features>()
  const rows = new Map<Index, StoredRecord>()
  const add = (row: StoredRecord) => {
    rows.set(row.key, row)
    featuresBy.set(row.key, featuresOf(openRecord(row, vault), `${row.platform}|${row.dataset}`))
  }
  for (const row of some) add(row)
  const keysOf = new Map(
    some.map(({ key }) => {
      const features = featuresBy.get(key) as Features
      const index = (purpose: Parameters<Vault['index']>[0], text: string) => vault.index(purpose, text).toString('hex')
      return [key, blockingKeys(features, model, index).asked]
    }),
  )
  const { blocks } = await lookUpBlocks(db, [...new Set([...keysOf.values()].flat())])
  const linked = Map.groupBy(
    await readSources(db, [...new Set(some.map(({ subject }) => subject))]),
    (row) => row.subject,
  )
  const partners = new Map(
    some.map(({ key, subject }) => {
      const found = (keysOf.get(key) ?? []).flatMap((one) => (blocks.get(one) ?? []).map(({ record }) => record))
      const ofPerson = (linked.get(subject) ?? []).map((row) => row.key)
      return [key, new Set([...found, ...ofPerson].filter((other) => other !== key))]
    }),
  )
  const missing = new Set([...partners.values()].flatMap((keys) => [...keys].filter((key) => !rows.has(key))))
  for (const row of await readRecordsByKey(db, [...missing])) add(row)
  let pairs = 0
  for (const [key, others] of partners) {
    const [row, features] = [rows.get(key), featuresBy.get(key)]
    for (const other of others) {
      const [partner, theirs] = [rows.get(other), featuresBy.get(other)]
      if (row === undefined || partner === undefined || features === undefined || theirs === undefined) continue
      const { weight } = evidenceOf(features, theirs, scoringModel, areOfOneFamily(row, partner))
      draw.add({ a: key, b: other, isLinked: row.subject === partner.subject, weight })
      pairs += 1
    }
  }
  return pairs
}
