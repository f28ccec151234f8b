import { areCompared } from '../block/is-candidate.ts'
import type { Edge } from '../cluster/cluster.ts'
import { weakestLink } from '../cluster/weakest-link.ts'
import { featuresOf, type KeptRecord } from '../compare/features.ts'
import { weigher } from '../resolve/candidates/score-candidates.ts'
import { type PairDecision, pairKey } from '../review/pair-decision.ts'
import type { ScoringModel } from '../score/evidence.ts'
import { probabilityOf } from '../score/probability.ts'
import { areOfOneFamily, type StoredRecord, sourceRecordOf } from '../subjects/source-record.ts'

type OpenedRow = StoredRecord & { record: KeptRecord }

/** The probability of the weakest link that holds the records of one person together, as a delivery says it; null of a single record. */
export function confidenceOf(
  rows: readonly OpenedRow[],
  decisions: readonly PairDecision[],
  scoringModel: ScoringModel,
): number | null {
  if (rows.length < 2) return null
  const weigh = weigher(scoringModel, decisions)
  const decided = new Set(decisions.map(({ a, b }) => pairKey(a, b)))
  const members = rows.map((row) => ({
    key: row.key,
    source: sourceRecordOf(
      row,
      () => row.record,
      (id) => id,
    ),
    features: featuresOf(row.record, `${row.platform}|${row.dataset}`),
  }))
  const links: Edge[] = []
  for (const [a, one] of members.entries()) {
    for (const [b, other] of members.entries()) {
      if (b <= a) continue
      const isOneFamily = areOfOneFamily(one.source, other.source)
      const isKnown = decided.has(pairKey(one.key, other.key))
      if (!isKnown && !areCompared(one.features, other.features, scoringModel.model, isOneFamily)) continue
      const { weight } = weigh(one, other)
      if (weight >= scoringModel.thresholds.same) links.push({ a, b, weight })
    }
  }
  const weakest = weakestLink([...members.keys()], links)
  return weakest === undefined ? null : probabilityOf(weakest)
}
