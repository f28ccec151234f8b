import { namedTexts } from '../block/blocking.ts'
import { COMPARISONS, type Comparison, compare, EXTRA_LEVELS, FIELDS } from '../compare/compare.ts'
import type { FamilyOfFeatures, Features } from '../compare/features.ts'
import type { FieldModel, Model } from '../score/model.ts'
import { ConditionalDependence } from './conditional-dependence.ts'

/** Random whole numbers below a bound. */
export type Dice = (below: number) => number

const ROUNDS = 30
// Least probability of a level in m. However clean the training data: people move, marry and are mistyped.
const LEAST = 0.002
// Cards change by marriage and by moving, and registers are years apart: files of one day cannot teach that.
const LEAST_OTHER_CARD = 0.05
const RANDOM_PAIRS = 300_000
// Larger groups are names of thousands: their pairs teach nothing and cost the square of their size.
const GROUP = 100
const NAMES_OF_A_KNOWN_WORD = 3
// Each pair is compared once for each key it shares; the others of one's own person and household are among them.
const COMPANIONS = 10
// Weight of the random pairs, in pairs, when a block teaches how two people agree.
const ANCHOR = 10

/**
 * Estimates a model without any known answer: u from random pairs, m by expectation-maximization over pairs that agree in one
 * thing (a birth date, a name, a key of the source), each time for the fields that were not used to choose the pairs. `population`
 * is the number of records among which a match is looked for, if the given ones are a part of them: the more there are, the
 * likelier somebody else agrees by chance. `families` says which family each record names, of those that name one.
 */
export function train(
  allFeatures: readonly Features[],
  dice: Dice,
  { population = allFeatures.length, families = new Map() }: { population?: number; families?: FamilyOfFeatures } = {},
): Model {
  const { extras, keys, namedKeys } = chooseExtras(allFeatures)
  const levels: Record<string, number> = {}
  for (const field of FIELDS) levels[field] = COMPARISONS[field].length
  for (const extra of extras) levels[extra] = EXTRA_LEVELS.length
  const pairing: Pairing = { allFeatures, families, extras }
  const u = estimateU(pairing, levels, dice)
  const identity = FIELDS.filter((field) => field !== 'family' && field !== 'place')
  const sums = zeros(levels)
  const weights: Record<string, number> = {}
  const learn = (m: Record<string, number[]>, free: readonly string[], matches: number) => {
    for (const field of free) {
      weights[field] = (weights[field] ?? 0) + matches
      add(sums[field], m[field], matches)
    }
  }
  const dependence = new ConditionalDependence(extras)
  for (const { used, keyOf } of CHOICES) {
    const pairs = pairsBy(pairing, keyOf)
    const free = Object.keys(levels).filter((field) => !used.includes(field))
    const { m, matches, shares } = maximize(pairs, { u, free, learnt: [] })
    learn(m, free, matches)
    pairs.forEach(({ levels }, at) => {
      dependence.noteSame(levels, shares[at] ?? 0)
    })
  }
  for (const extra of extras) {
    const pairs = pairsBy(pairing, choiceOf(extra).keyOf)
    // People of one address share names more often than others do, so here u of the name is learnt as well.
    const { m, matches, shares } = maximize(pairs, { u, free: identity, learnt: ['name'] })
    if (keys.includes(extra)) learn(m, identity, matches)
    pairs.forEach(({ levels }, at) => {
      dependence.noteOther(extra, levels, 1 - (shares[at] ?? 0))
    })
  }
  const fields: Record<string, FieldModel> = {}
  for (const field in levels) {
    const total = Math.max(weights[field] ?? 0, 1)
    const m = (sums[field] ?? []).map((sum, level) => Math.max(sum / total, leastOf(field, level)))
    fields[field] = { m: normal(m), u: u[field] ?? [] }
  }
  dependence.tie(fields)
  const rare = 1.5 / allFeatures.length
  return { prior: 1 / population, fields, extras, keys, namedKeys, words: wordShares(allFeatures), rare }
}

function leastOf(field: string, level: number): number {
  return field === 'family' && level === COMPARISONS.family.indexOf('other-kk') ? LEAST_OTHER_CARD : LEAST
}

type Choice = { used: string[]; keyOf: (features: Features) => string | undefined }

const CHOICES: Choice[] = [
  {
    used: ['birth', 'sex'],
    keyOf: ({ birth, sex }) => birth && `${birth.year}-${birth.month}-${birth.day}-${sex ?? ''}`,
  },
  { used: ['name'], keyOf: ({ words }) => (words.length > 1 ? [...words].sort().join(' ') : undefined) },
]

function choiceOf(extra: string): Choice {
  return { used: [extra], keyOf: ({ extras }) => extras[extra] }
}

/**
 * Extensions with many values are compared. By which of them a record is found is measured, not told by how many values there
 * are: a key that gathers few is one by itself, one that gathers more is one together with a word of the name.
 */
function chooseExtras(allFeatures: readonly Features[]): { extras: string[]; keys: string[]; namedKeys: string[] } {
  const values = new Map<string, { filled: number; distinct: Set<string> }>()
  for (const { extras } of allFeatures) {
    for (const name in extras) {
      const seen = values.get(name) ?? { filled: 0, distinct: new Set() }
      seen.filled += 1
      seen.distinct.add(extras[name] ?? '')
      values.set(name, seen)
    }
  }
  const common = [...values].filter(
    ([, { filled, distinct }]) => filled > allFeatures.length / 5 && distinct.size > 100,
  )
  const extras = common.map(([name]) => name).sort()
  const keys = extras.filter((name) => companions(allFeatures, ({ extras }) => [extras[name]]) <= COMPANIONS)
  const namedKeys = extras.filter(
    (name) => !keys.includes(name) && companions(allFeatures, (features) => namedTexts(features, name)) <= COMPANIONS,
  )
  return { extras, keys, namedKeys }
}

/** How many others a record meets under a key, on average. */
function companions(allFeatures: readonly Features[], textsOf: (features: Features) => (string | undefined)[]): number {
  const sizes = new Map<string, number>()
  for (const features of allFeatures) {
    for (const text of textsOf(features)) if (text !== undefined) sizes.set(text, (sizes.get(text) ?? 0) + 1)
  }
  let met = 0
  let records = 0
  for (const size of sizes.values()) {
    met += size * (size - 1)
    records += size
  }
  return met / Math.max(records, 1)
}

/** What pairs are made of, and how they are compared. */
type Pairing = { allFeatures: readonly Features[]; families: FamilyOfFeatures; extras: readonly string[] }

function comparePair(a: Features, b: Features, { families, extras }: Pairing): Comparison {
  const [one, other] = [families.get(a), families.get(b)]
  return compare(a, b, extras, one && other ? one === other : undefined)
}

function pairsBy(pairing: Pairing, keyOf: Choice['keyOf']): Comparison[] {
  const groups = new Map<string, Features[]>()
  for (const features of pairing.allFeatures) {
    const key = keyOf(features)
    if (key === undefined) continue
    const group = groups.get(key)
    if (group) group.push(features)
    else groups.set(key, [features])
  }
  const pairs: Comparison[] = []
  for (const group of groups.values()) {
    if (group.length > GROUP) continue
    for (const [at, a] of group.entries()) for (const b of group.slice(at + 1)) pairs.push(comparePair(a, b, pairing))
  }
  return pairs
}

function estimateU(pairing: Pairing, levels: Record<string, number>, dice: Dice): Record<string, number[]> {
  const { allFeatures } = pairing
  const seen = zeros(levels)
  for (let n = 0; n < RANDOM_PAIRS; n++) {
    const a = allFeatures[dice(allFeatures.length)]
    const b = allFeatures[dice(allFeatures.length)]
    if (a !== undefined && b !== undefined && a !== b) count(seen, comparePair(a, b, pairing), 1)
  }
  const u: Record<string, number[]> = {}
  for (const field in seen) u[field] = normal((seen[field] ?? []).map((n) => n + 0.5))
  return u
}

/** What expectation-maximization starts from. */
type KnownShares = {
  u: Record<string, number[]>
  /** Fields whose m is learnt; the others are left out. */
  free: readonly string[]
  /** Those of them whose u is learnt too. */
  learnt: readonly string[]
}

/** Expectation-maximization: gives m, the expected number of matches, and the probability of each pair to be one. */
function maximize(
  pairs: readonly Comparison[],
  known: KnownShares,
): { m: Record<string, number[]>; matches: number; shares: number[] } {
  const { free, learnt } = known
  const u = { ...known.u }
  const sizes = Object.fromEntries(free.map((field) => [field, u[field]?.length ?? 0]))
  let m = zeros(sizes)
  for (const field of free) m[field] = normal((m[field] ?? []).map((_, level) => 2 ** level))
  let matches = pairs.length / 2
  const shares = Array<number>(pairs.length).fill(0)
  for (let round = 0; round < ROUNDS; round++) {
    const share = Math.min(0.999, Math.max(0.001, matches / Math.max(pairs.length, 1)))
    const sums = zeros(sizes)
    const others = zeros(sizes)
    matches = 0
    for (const [at, pair] of pairs.entries()) {
      let odds = share / (1 - share)
      for (const field of free) {
        const level = pair.levels[field]
        if (level !== undefined) odds *= (m[field]?.[level] ?? 0) / (u[field]?.[level] ?? 1)
      }
      const probability = odds / (1 + odds)
      shares[at] = probability
      matches += probability
      count(sums, pair, probability)
      count(others, pair, 1 - probability)
    }
    m = {}
    for (const field of free) m[field] = normal((sums[field] ?? []).map((sum) => sum + 0.1))
    for (const field of learnt) {
      const random = known.u[field] ?? []
      u[field] = normal((others[field] ?? []).map((sum, level) => sum + ANCHOR * (random[level] ?? 0)))
    }
  }
  return { m, matches, shares }
}

/** Share of the names that hold a word; a rarer one is not kept: it could tell of somebody. */
function wordShares(allFeatures: readonly Features[]): Record<string, number> {
  const counts = new Map<string, number>()
  for (const { words } of allFeatures) for (const word of new Set(words)) counts.set(word, (counts.get(word) ?? 0) + 1)
  const known = [...counts].filter(([, names]) => names >= NAMES_OF_A_KNOWN_WORD).sort()
  return Object.fromEntries(known.map(([word, names]) => [word, names / allFeatures.length]))
}

function zeros(levels: Record<string, number>): Record<string, number[]> {
  return Object.fromEntries(Object.entries(levels).map(([field, size]) => [field, Array<number>(size).fill(0)]))
}

function count(sums: Record<string, number[]>, { levels }: Comparison, by: number): void {
  for (const field in levels) {
    const sum = sums[field]
    const level = levels[field]
    if (sum !== undefined && level !== undefined) sum[level] = (sum[level] ?? 0) + by
  }
}

function add(sums: number[] | undefined, values: readonly number[] | undefined, by: number): void {
  values?.forEach((value, level) => {
    if (sums !== undefined) sums[level] = (sums[level] ?? 0) + value * by
  })
}

function normal(values: readonly number[]): number[] {
  const sum = values.reduce((total, value) => total + value, 0)
  return values.map((value) => value / sum)
}
