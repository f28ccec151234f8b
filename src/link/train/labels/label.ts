import type { KeptRecord } from '../../compare/features.ts'
import type { Index } from '../../subjects/subject.ts'
import type { LabelledEstimate, LabelledStratum } from './estimate.ts'
import type { StratumName } from './strata.ts'

/** What a steward says of a pair: one person, two, or that the records do not tell. */
export const LABELS = ['same', 'different', 'unsure'] as const
export type Label = (typeof LABELS)[number]

/** A drawing of pairs: of how many records, by whom and when, and the candidate pairs of each stratum. */
export type LabelRound = {
  id: string
  model: string
  strata: Readonly<Partial<Record<StratumName, number>>>
  records: number
  drawnBy: string
  drawnAt: Date
}

/** A pair that was drawn, and its label once it has one. */
export type LabelPair = { round: string; place: number; a: Index; b: Index; label: Label | null }

/** A record of a pair as a steward sees it. */
export type LabelledRecord = { platform: string; dataset: string; record: KeptRecord }

/** A pair with its two records; one that is gone meanwhile is null. */
export type ShownPair = LabelPair & { records: [LabelledRecord | null, LabelledRecord | null] }

/** The newest round with its strata, and what it says of linkage so far. */
export type LabelReport = { round: LabelRound; strata: LabelledStratum[]; estimate: LabelledEstimate }
