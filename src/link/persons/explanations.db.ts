import type { Static } from 'typebox'
import type { Db } from '../../io/postgres/postgres.ts'
import type { AgreedCoverage } from '../../trust/agreements/coverage.ts'
import type { Vault } from '../../trust/keys/vault.ts'
import { featuresOf } from '../compare/features.ts'
import { readDecisions } from '../review/decision.sql.ts'
import { pairKey } from '../review/pair-decision.ts'
import { atSize } from '../score/at-size.ts'
import type { ScoringModel } from '../score/evidence.ts'
import { explain } from '../score/explain.ts'
import { priorBits } from '../score/model.ts'
import { openCovered } from '../subjects/sealed-record/open-record.db.ts'
import { readSize } from '../subjects/size.sql.ts'
import type { StoredRecord } from '../subjects/source-record.ts'
import { areOfOneFamily } from '../subjects/source-record.ts'
import { type Explanations, shownField } from './link-shapes.ts'

const MOST_PAIRS = 50

/** Why the records of two references are one person or are not, by what their agreements cover. */
export async function explainRecords(
  db: Db,
  deps: { vault: Pick<Vault, 'open'>; scoringModel: ScoringModel; coverage: AgreedCoverage },
  some: readonly StoredRecord[],
  others: readonly StoredRecord[],
): Promise<Static<typeof Explanations>> {
  const scoringModel = atSize(deps.scoringModel, await readSize(db))
  const decided = await readDecisions(
    db,
    some.map(({ key }) => key),
  )
  const said = new Map(decided.map(({ a, b, decision }) => [pairKey(a, b), decision]))
  const met = new Set<string>()
  const pairs: Static<typeof Explanations>['pairs'] = []
  for (const a of some) {
    for (const b of others) {
      const pair = pairKey(a.key, b.key)
      if (a.key === b.key || met.has(pair)) continue
      met.add(pair)
      const { weight, verdict, override, fields } = explain(
        featuresOfRow(a, deps),
        featuresOfRow(b, deps),
        scoringModel,
        areOfOneFamily(a, b),
      )
      const decision = said.get(pair) ?? null
      const others = a.subject !== b.subject && verdict === 'same' && decision === null ? 'others' : null
      pairs.push({
        a: recordHeadOf(a),
        b: recordHeadOf(b),
        bits: weight,
        verdict,
        cap: override ?? others,
        decided: decision,
        fields: fields.map(shownField),
      })
    }
  }
  const persons = new Set([...some, ...others].map(({ subject }) => subject))
  return {
    model: scoringModel.version,
    thresholds: scoringModel.thresholds,
    prior: priorBits(scoringModel.model),
    one_person: persons.size === 1,
    pairs: pairs.sort((a, b) => b.bits - a.bits).slice(0, MOST_PAIRS),
  }
}

function recordHeadOf({ platform, dataset, subject }: StoredRecord) {
  return { platform, dataset, person: subject }
}

function featuresOfRow(
  row: StoredRecord,
  { vault, coverage }: { vault: Pick<Vault, 'open'>; coverage: AgreedCoverage },
) {
  return featuresOf(openCovered(row, vault, coverage), `${row.platform}|${row.dataset}`)
}
