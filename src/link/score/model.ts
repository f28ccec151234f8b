import { COMPARISONS, type Comparison } from '../compare/compare.ts'

/** Probabilities of each level of a field among pairs of one person (m) and of two (u). */
export type FieldModel = {
  m: number[]
  u: number[]
  /** Conditional dependence on another text: the probabilities to be used once it is known whether that text agrees. */
  given?: { extra: string; apart: { m: number[]; u: number[] }; agrees: { m: number[]; u: number[] } }
}

/** What `titian link train` estimates and keeps as a file. */
export type Model = {
  /** Probability that two records taken at random are one person's. */
  prior: number
  fields: Record<string, FieldModel>
  /** Extensions that are compared besides the canonical fields. */
  extras: string[]
  /** Those of them that tell one person from almost all others: whoever shares one is compared. */
  keys: string[]
  /** Those that do so together with a word of the name. */
  namedKeys?: string[]
  /** Share of the names that hold a folded word, for the words that are not rare. */
  words: Record<string, number>
  /** Share assumed of every other word. */
  rare: number
}

/** Match weight of two who are known to be two people, whatever agrees. */
const NEVER = -100

const NAME_AGREES = 2
const ONE_FAMILY = COMPARISONS.family.indexOf('equal')

/** The match weight of each field in bits, log2(m/u); a field that one record lacks has none. */
export function weigh({ levels, words }: Comparison, model: Model): Record<string, number> {
  const weights: Record<string, number> = {}
  for (const field in levels) {
    const { m, u } = tableOf(field, levels, model)
    const level = levels[field] ?? 0
    weights[field] = Math.log2((m[level] ?? 1) / (u[level] ?? 1))
  }
  if (levels.family === undefined) capPlace(weights, model)
  if ((levels.name ?? 0) >= NAME_AGREES) weights.name = (weights.name ?? 0) + commonness(words, model, levels.name ?? 0)
  return weights
}

/** Where nothing is said of families, two of one house may be of one family: the house then weighs no more than a family would. */
function capPlace(weights: Record<string, number>, { fields }: Model): void {
  const { m = [], u = [] } = fields.family ?? {}
  const most = Math.log2((m[ONE_FAMILY] ?? 1) / (u[ONE_FAMILY] ?? 1))
  if (weights.place !== undefined && fields.family !== undefined) weights.place = Math.min(weights.place, most)
}

function tableOf(field: string, levels: Comparison['levels'], { fields }: Model): Pick<FieldModel, 'm' | 'u'> {
  const table = fields[field] ?? { m: [], u: [] }
  const level = table.given && levels[table.given.extra]
  if (table.given === undefined || level === undefined) return table
  return level > 0 ? table.given.agrees : table.given.apart
}

/** What is known before anything is compared, in bits: how rare it is that two records are one person. */
export function priorBits({ prior }: Model): number {
  return Math.log2(prior / (1 - prior))
}

/** The match weights of all fields and of the prior, summed: above 0 one person is likelier than two. */
export function scoreOf(comparison: Comparison, model: Model): number {
  if (comparison.areTwins) return NEVER
  const weights = weigh(comparison, model)
  let sum = priorBits(model)
  for (const field in weights) sum += weights[field] ?? 0
  return sum
}

/** Term frequency: a common name says less, a rare one more. The difference to u, given how often these words come together. */
function commonness(words: readonly string[], model: Model, level: number): number {
  let log = 0
  for (const word of words) log += Math.log2(model.words[word] ?? model.rare)
  const u = Math.log2(model.fields.name?.u[level] ?? 1)
  // The data cannot show a name to be rarer than one in the whole population.
  return u - Math.max(log, Math.log2(model.prior))
}
