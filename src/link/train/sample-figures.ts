import { blockingTexts } from '../block/blocking.ts'
import { compare, levelName } from '../compare/compare.ts'
import type { Features } from '../compare/features.ts'
import { evidenceOf, type ScoringModel } from '../score/evidence.ts'

/** A record of a sample: what is compared of it, the person it belongs to, and the family that it names. */
export type SampledRecord = { features: Features; person: string; family: string | null }

/** How often a level of a field was seen among linked pairs, beside what the model expects of pairs of one person. */
type SeenLevel = { level: string; expected: number; seen: number }

/** How far a field has moved from the model: the population stability index, over the pairs of which both records state it. */
export type FieldDrift = { field: string; pairs: number; index: number; levels: SeenLevel[] }

/** What a sample of the registry tells about linkage. */
export type SampleFigures = {
  records: number
  /** Records that are the only one of their person. */
  alone: number
  /** Records without any text to be found again by. */
  withoutKey: number
  /** Records so poor that even a copy of them from another source would not be linked by itself. */
  unlinkable: number
  /** Pairs of records of one person, by whole bits of their match weight. */
  linked: Map<number, number>
  drift: FieldDrift[]
}

// A person of hundreds of records would be all of the sample.
const MOST_OF_PERSON = 6
const LEAST_SHARE = 0.0005
const [LOWEST, HIGHEST] = [-20, 40]

/** The figures of some drawn records; `persons` are all records of the persons of these, by person. */
export function figuresOf(
  drawn: readonly SampledRecord[],
  persons: ReadonlyMap<string, readonly SampledRecord[]>,
  scoringModel: ScoringModel,
): SampleFigures {
  const { model, thresholds } = scoringModel
  const count = (test: (record: SampledRecord) => boolean) => drawn.filter(test).length
  const linked = new Map<number, number>()
  const seen = new Map<string, number[]>()
  for (const records of persons.values()) {
    for (const [a, b] of pairsOf(records.slice(0, MOST_OF_PERSON))) {
      const isOneFamily = a.family && b.family ? a.family === b.family : undefined
      const bits = binOf(evidenceOf(a.features, b.features, scoringModel, isOneFamily).weight)
      linked.set(bits, (linked.get(bits) ?? 0) + 1)
      const { levels } = compare(a.features, b.features, model.extras, isOneFamily)
      for (const [field, level] of Object.entries(levels)) {
        const counts = seen.get(field) ?? model.fields[field]?.m.map(() => 0) ?? []
        counts[level] = (counts[level] ?? 0) + 1
        seen.set(field, counts)
      }
    }
  }
  return {
    records: drawn.length,
    alone: count(({ person }) => (persons.get(person)?.length ?? 0) < 2),
    withoutKey: count(({ features }) => blockingTexts(features, model).stored.length === 0),
    unlinkable: count(({ features }) => evidenceOf(features, copyOf(features), scoringModel).weight < thresholds.same),
    linked,
    drift: Object.entries(model.fields).map(([field, { m }]) => driftOf(field, m, seen.get(field) ?? [])),
  }
}

/** A match weight by whole bits; what is beyond the ends is counted at the end. */
export function binOf(weight: number): number {
  return Math.min(Math.max(Math.floor(weight), LOWEST), HIGHEST)
}

/** The population stability index: the sum of (seen - expected) · ln(seen / expected) over the levels. */
function driftOf(field: string, expected: readonly number[], counts: readonly number[]): FieldDrift {
  const pairs = counts.reduce((sum, one) => sum + one, 0)
  const levels = expected.map((share, level) => ({
    level: levelName(field, level),
    expected: share,
    seen: pairs === 0 ? 0 : (counts[level] ?? 0) / pairs,
  }))
  if (pairs === 0) return { field, pairs, index: 0, levels }
  const index = levels.reduce((sum, level) => {
    const [seen, share] = [Math.max(level.seen, LEAST_SHARE), Math.max(level.expected, LEAST_SHARE)]
    return sum + (seen - share) * Math.log(seen / share)
  }, 0)
  return { field, pairs, index, levels }
}

/** The same record as another source would bring it: on a list of its own. */
function copyOf({ list: _, source: __, household: ___, ...features }: Features): Features {
  return features
}

function pairsOf<T>(records: readonly T[]): [T, T][] {
  return records.flatMap((a, at) => records.slice(at + 1).map((b): [T, T] => [a, b]))
}
