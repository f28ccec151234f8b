import type { Features } from '../compare/features.ts'
import type { Evidence } from '../score/evidence.ts'
import type { Thresholds } from '../score/model-file.ts'
import { type SourceRecord, sourceNameOf } from '../subjects/source-record.ts'
import type { Index, Subject } from '../subjects/subject.ts'
import { cluster, type Edge } from './cluster.ts'
import { connectedComponents } from './components.ts'
import { weakestLink } from './weakest-link.ts'

/** A person's record as it is compared. */
export type PersonRecord = { key: Index; source: SourceRecord; features: Features }

/** A record whose person is looked for, with the person that it belongs to so far. */
export type ClusterMember = PersonRecord & { subject: Subject }

/** Two records of different persons that may be one: a steward is asked. */
export type PossibleMatch = { a: Index; b: Index; weight: number }

/** The evidence that two records are one person: a steward's decision, else what the model says. */
export type Weigh = (a: PersonRecord, b: PersonRecord) => Evidence

/** How two members are judged. Two that are not compared may still stand in one component; nothing joins them directly. */
export type PairJudge = { weigh: Weigh; isCompared: (a: ClusterMember, b: ClusterMember) => boolean }

/** The persons of one component, each as its records, and the pairs of them that a steward is asked about. */
export type Grouping = {
  groups: ClusterMember[][]
  /** The weakest link of each group of several records. */
  weakest: ReadonlyMap<readonly ClusterMember[], number>
  possibleMatches: PossibleMatch[]
}

/**
 * Parts records into persons. Each connected component (by `edges`, or by a person in common) is judged as a whole.
 * The result depends on what the records say, not on the order in which they came.
 */
export function groupMembers(
  members: readonly ClusterMember[],
  edges: readonly (readonly [ClusterMember, ClusterMember])[],
  judge: PairJudge,
  thresholds: Thresholds,
): Grouping[] {
  return connectedComponents(members, edges).map((component) => groupComponent(component, judge, thresholds))
}

function groupComponent(
  component: readonly ClusterMember[],
  { weigh, isCompared }: PairJudge,
  { same, apart }: Thresholds,
): Grouping {
  if (component.length === 1) return { groups: [[...component]], weakest: new Map(), possibleMatches: [] }
  const sorted = inOrderOfContent(component)
  const evidence = sorted.map((a, at) => sorted.map((b, other) => (other <= at ? undefined : weigh(a, b))))
  const evidenceOf = (a: number, b: number) => evidence[Math.min(a, b)]?.[Math.max(a, b)] ?? NONE
  const areCompared = (a: number, b: number) => {
    const [one, other] = [sorted[a], sorted[b]]
    return one !== undefined && other !== undefined && isCompared(one, other)
  }
  const links: Edge[] = []
  for (let a = 0; a < sorted.length; a++) {
    for (let b = a + 1; b < sorted.length; b++) {
      const { weight } = evidenceOf(a, b)
      if (weight >= same && areCompared(a, b)) links.push({ a, b, weight })
    }
  }
  const places = cluster(sorted.length, links, (a, b) => evidenceOf(a, b).weight, apart)
  const weakest = new Map<readonly ClusterMember[], number>()
  const groups = places.map((own) => {
    const group = own.flatMap((place) => sorted[place] ?? [])
    const weight = weakestLink(own, links)
    if (weight !== undefined) weakest.set(group, weight)
    return group
  })
  return { groups, weakest, possibleMatches: possibleMatchesBetween(places, { evidenceOf, areCompared }, sorted) }
}

/**
 * Sorts members by what their records say. Equal weights are taken in this order, so every installation finds the same
 * persons. Of two that say the same the name that their source gives them decides, never their blind index.
 */
function inOrderOfContent(members: readonly ClusterMember[]): ClusterMember[] {
  return members
    .map((member) => ({ member, text: JSON.stringify(member.features) }))
    .sort((a, b) => (a.text === b.text ? byName(a.member, b.member) : a.text < b.text ? -1 : 1))
    .map(({ member }) => member)
}

function byName({ source: a }: ClusterMember, { source: b }: ClusterMember): number {
  return sourceNameOf(a, a.open()) < sourceNameOf(b, b.open()) ? -1 : 1
}

function byKey(a: ClusterMember, b: ClusterMember): number {
  return a.key < b.key ? -1 : 1
}

const NONE: Evidence = { weight: 0, isPossible: false }

/** How members are judged, by their places in the component. */
type PlaceJudge = { evidenceOf: (a: number, b: number) => Evidence; areCompared: (a: number, b: number) => boolean }

/** The strongest possible match between each two groups: a steward is asked once about two persons. */
function possibleMatchesBetween(
  groups: readonly number[][],
  { evidenceOf, areCompared }: PlaceJudge,
  members: readonly ClusterMember[],
): PossibleMatch[] {
  const possibleMatches: PossibleMatch[] = []
  for (const [at, one] of groups.entries()) {
    for (const other of groups.slice(at + 1)) {
      let strongest: PossibleMatch | undefined
      for (const i of one) {
        for (const j of other) {
          const { weight, isPossible } = evidenceOf(i, j)
          if (!isPossible || weight <= (strongest?.weight ?? -Infinity) || !areCompared(i, j)) continue
          const [a, b] = [i, j].flatMap((place) => members[place] ?? []).sort(byKey)
          if (a !== undefined && b !== undefined) strongest = { a: a.key, b: b.key, weight }
        }
      }
      if (strongest !== undefined) possibleMatches.push(strongest)
    }
  }
  return possibleMatches
}
