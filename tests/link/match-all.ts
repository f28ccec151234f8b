import { blockingTexts } from '../../src/link/block/blocking.ts'
import { cluster, type Edge } from '../../src/link/cluster/cluster.ts'
import { compare } from '../../src/link/compare/compare.ts'
import type { Features } from '../../src/link/compare/features.ts'
import { type Model, scoreOf } from '../../src/link/score/model.ts'

const SAME = 6
const UNSURE = 0
const APART = -4

/** Groups records into persons, as the subjects would in the end; `unsure` pairs of groups are for the review desk. */
export function matchAll(allFeatures: readonly Features[], model: Model): { groups: number[][]; unsure: number } {
  const weightOf = (a: number, b: number) => {
    const [one, other] = [allFeatures[a], allFeatures[b]]
    return one && other ? scoreOf(compare(one, other, model.extras), model) : 0
  }
  const edges = [...candidates(allFeatures, model)].map(([a, b]): Edge => ({ a, b, weight: weightOf(a, b) }))
  const groups = cluster(
    allFeatures.length,
    edges.filter(({ weight }) => weight >= SAME),
    weightOf,
    APART,
  )
  const groupOf = new Map(groups.flatMap((group, at) => group.map((record) => [record, at] as const)))
  const possibleMatches = edges.filter(
    ({ a, b, weight }) => weight >= UNSURE && weight < SAME && groupOf.get(a) !== groupOf.get(b),
  )
  const unsure = new Set(possibleMatches.map(({ a, b }) => [groupOf.get(a), groupOf.get(b)].sort().join()))
  return { groups, unsure: unsure.size }
}

function* candidates(allFeatures: readonly Features[], model: Model): Generator<[number, number]> {
  const texts = allFeatures.map((features) => blockingTexts(features, model))
  const blocks = new Map<string, number[]>()
  for (const [at, { stored }] of texts.entries()) {
    for (const { purpose, text } of stored) {
      const key = `${purpose}|${text}`
      const block = blocks.get(key)
      if (block) block.push(at)
      else blocks.set(key, [at])
    }
  }
  const seen = new Set<number>()
  for (const [a, { asked }] of texts.entries()) {
    for (const { purpose, text } of asked) {
      for (const b of blocks.get(`${purpose}|${text}`) ?? []) {
        const pair = Math.min(a, b) * allFeatures.length + Math.max(a, b)
        if (a === b || seen.has(pair)) continue
        seen.add(pair)
        yield [Math.min(a, b), Math.max(a, b)]
      }
    }
  }
}

/** Pairwise precision and recall of groups against the true persons, over the pairs that count. */
export function scorePairs(
  groups: readonly number[][],
  personOf: readonly string[],
  counts: (a: number, b: number) => boolean = () => true,
): { precision: number; recall: number; f1: number } {
  const truth = new Map<string, number[]>()
  for (const [at, person] of personOf.entries()) truth.set(person, [...(truth.get(person) ?? []), at])
  const pairs = (sets: Iterable<readonly number[]>) => {
    const found: [number, number][] = []
    for (const set of sets) for (const [i, a] of set.entries()) for (const b of set.slice(i + 1)) found.push([a, b])
    return found.filter(([a, b]) => counts(a, b))
  }
  const made = pairs(groups)
  const right = made.filter(([a, b]) => personOf[a] === personOf[b]).length
  const precision = right / made.length
  const recall = right / pairs(truth.values()).length
  return { precision, recall, f1: (2 * precision * recall) / (precision + recall) }
}
