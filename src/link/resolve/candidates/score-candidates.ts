import type { SubjectId } from '../../../domain/ids.ts'
import { areCompared } from '../../block/is-candidate.ts'
import type { PersonRecord, Weigh } from '../../cluster/grouping.ts'
import { type PairDecision, pairKey } from '../../review/pair-decision.ts'
import { type Evidence, evidenceOf, type ScoringModel } from '../../score/evidence.ts'
import { areOfOneFamily } from '../../subjects/source-record.ts'
import type { Index } from '../../subjects/subject.ts'
import type { TouchedRecord } from './touched.ts'

/** Pairs of records that are worth comparing: a record is compared with few, never with all. */
export type Candidates = {
  /** Of two touched records; made one by one, so that they need no memory. */
  ofChunk: Iterable<[TouchedRecord, TouchedRecord]>
  /** Of a touched record and a stored one. */
  withStored: readonly [TouchedRecord, Index][]
  /** Of two stored records whose families the chunk united. */
  ofUnited: readonly [Index, Index][]
  /** The stored records of these pairs, each with its person. */
  stored: ReadonlyMap<Index, { person: SubjectId; record: PersonRecord }>
  /** How many blocks were too large to be looked at. */
  oversized: number
}

/** Pairs that may be one person. */
export type ScoredEdges = {
  edges: readonly (readonly [Index, Index])[]
  /** The stored persons that the edges lead to. */
  persons: ReadonlySet<SubjectId>
}

/** Scores candidate pairs, and keeps those from which a match or a possible match may come. */
export function scoreCandidates(
  { ofChunk, withStored, ofUnited, stored }: Candidates,
  scoringModel: ScoringModel,
): ScoredEdges {
  const { unsure } = scoringModel.thresholds
  const weigh = weigher(scoringModel, [])
  const isEdge = (a: PersonRecord, b: PersonRecord) => {
    const { weight, isPossible } = weigh(a, b)
    return isPossible || weight >= unsure
  }
  const edges: [Index, Index][] = []
  const persons = new Set<SubjectId>()
  for (const [a, b] of ofChunk) if (isEdge(a, b)) edges.push([a.key, b.key])
  for (const [one, key] of withStored) {
    const candidate = stored.get(key)
    if (candidate === undefined || !isEdge(one, candidate.record)) continue
    edges.push([one.key, key])
    persons.add(candidate.person)
  }
  for (const [a, b] of ofUnited) {
    const [one, other] = [stored.get(a), stored.get(b)]
    if (one === undefined || other === undefined) continue
    if (!areCompared(one.record.features, other.record.features, scoringModel.model, true)) continue
    // One family may speak against one person as well. A pair that was a possible match of two families is looked at again.
    const before = evidenceOf(one.record.features, other.record.features, scoringModel, false)
    if (!isEdge(one.record, other.record) && !before.isPossible && before.weight < unsure) continue
    edges.push([a, b])
    persons.add(one.person).add(other.person)
  }
  return { edges, persons }
}

/** What a steward decided outweighs whatever records say. */
const DECIDED: Readonly<Record<PairDecision['decision'], Evidence>> = {
  same: { weight: 1000, isPossible: false },
  different: { weight: -1000, isPossible: false },
}

/** Weighs pairs of records, each pair once; a decision stands for what the model would say. */
export function weigher(scoringModel: ScoringModel, decisions: readonly PairDecision[]): Weigh {
  const known = new Map<string, Evidence>()
  for (const { a, b, decision } of decisions) known.set(pairKey(a, b), DECIDED[decision])
  return (a, b) => {
    const pair = pairKey(a.key, b.key)
    let evidence = known.get(pair)
    if (evidence === undefined) {
      evidence = evidenceOf(a.features, b.features, scoringModel, areOfOneFamily(a.source, b.source))
      known.set(pair, evidence)
    }
    return evidence
  }
}
