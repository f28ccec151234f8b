import type { ScoringModel } from './evidence.ts'

// Up to so many times the records that it was trained on a model is asked as it stands.
const TIMES = 8
// Statistics waver: only a registry that has shrunk this much is taken for smaller.
const SHRUNK = 4

/**
 * The model as it judges a registry of so many records. That two records at random are one person is the rarer the more there are:
 * with every doubling the prior falls by a bit, and as much more must speak for a pair before a steward is asked about it. What is one
 * person stays the same at every size, so the order in which records come decides nothing.
 */
export function atSize<Judge extends ScoringModel>(scoringModel: Judge, records: number): Judge {
  const { thresholds } = scoringModel
  return { ...scoringModel, thresholds: { ...thresholds, unsure: thresholds.unsure + bitsOf(scoringModel, records) } }
}

/** The nearest power of two, 0 for no record: registries of about one size are judged alike. */
export function stepOf(records: number): number {
  return records < 1 ? 0 : 2 ** Math.round(Math.log2(records))
}

/** Whether a registry has another size than the one that is known, in steps. */
export function hasMoved(known: number, step: number): boolean {
  return step > known || (step < known && step * SHRUNK <= known)
}

function bitsOf({ records: trained }: ScoringModel, records: number): number {
  return Math.max(0, Math.log2(records / (TIMES * trained)))
}
