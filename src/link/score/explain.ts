import { type Comparison, compare, levelName } from '../compare/compare.ts'
import type { Features } from '../compare/features.ts'
import { evidenceOf, type ScoringModel } from './evidence.ts'
import { type Model, weigh } from './model.ts'
import type { Override } from './overrides.ts'

/** How one field of two records agrees, and its match weight in bits: above 0 it speaks for one person. */
type FieldEvidence = { field: string; level: string; weight: number }

/** Why two records are one person or are not. */
export type Explanation = {
  weight: number
  /** By the thresholds of the model alone; decisions and the other records of a person may say otherwise. */
  verdict: 'same' | 'unsure' | 'different'
  /** The rule that keeps them apart whatever the fields say. */
  override: Override | null
  fields: FieldEvidence[]
}

/** Explains how the features of two records are weighed. `isOneFamily`: whether they name one family; undefined if unknown. */
export function explain(a: Features, b: Features, scoringModel: ScoringModel, isOneFamily?: boolean): Explanation {
  const { model, thresholds } = scoringModel
  const { weight, isPossible, override = null } = evidenceOf(a, b, scoringModel, isOneFamily)
  const verdict = weight >= thresholds.same ? 'same' : isPossible ? 'unsure' : 'different'
  return { weight, verdict, override, fields: fieldsOf(compare(a, b, model.extras, isOneFamily), model) }
}

/** The level and match weight of each field of a comparison. */
export function fieldsOf(comparison: Comparison, model: Model): FieldEvidence[] {
  const weights = weigh(comparison, model)
  return Object.entries(comparison.levels).map(([field, level]) => ({
    field,
    level: levelName(field, level),
    weight: weights[field] ?? 0,
  }))
}
