import type { Features } from '../compare/features.ts'
import type { Evidence } from '../score/evidence.ts'
import type { Thresholds } from '../score/model-file.ts'
import type { Index, Source, Subject } from '../subjects/subject.ts'
import { cluster, type Edge } from './cluster.ts'

/** A person's record whose place is looked for. */
export type Member = { key: Index; source: Source; subject: Subject; features: Features }

/** Two records of different persons that may be one. */
export type PossibleMatch = { a: Index; b: Index; weight: number }

/** What was said of two records for good, or weighed. */
export type Weigh = (a: Member, b: Member) => Evidence

/** How two members are judged: the evidence, and whether they are compared at all, or only stand in one component. */
export type Judge = { weigh: Weigh; isCompared: (a: Member, b: Member) => boolean }

/** Records that belong together, as the persons they are, and what stays doubtful. */
export type Grouping = { groups: Member[][]; possibleMatches: PossibleMatch[] }

/**
 * Parts the members into persons. Only the records count, not the order in which they came: all that hangs together
 * by `ties` or by a common subject is looked at as a whole, in an order of what the records say.
 */
export function groupMembers(
  members: readonly Member[],
  ties: readonly (readonly [Member, Member])[],
  judge: Judge,
  thresholds: Thresholds,
): Grouping[] {
  return components(members, ties).map((component) => group(component, judge, thresholds))
}

function group(component: readonly Member[], { weigh, isCompared }: Judge, { same, apart }: Thresholds): Grouping {
  if (component.length === 1) return { groups: [[...component]], possibleMatches: [] }
  const sorted = inOrderOfContent(component)
  const evidence = sorted.map((a, at) => sorted.map((b, other) => (other <= at ? undefined : weigh(a, b))))
  const evidenceOf = (a: number, b: number) => evidence[Math.min(a, b)]?.[Math.max(a, b)] ?? NONE
  const areCompared = (a: number, b: number) => {
    const [one, other] = [sorted[a], sorted[b]]
    return one !== undefined && other !== undefined && isCompared(one, other)
  }
  const edges: Edge[] = []
  for (let a = 0; a < sorted.length; a++) {
    for (let b = a + 1; b < sorted.length; b++) {
      const { weight } = evidenceOf(a, b)
      if (weight >= same && areCompared(a, b)) edges.push({ a, b, weight })
    }
  }
  const groups = cluster(sorted.length, edges, (a, b) => evidenceOf(a, b).weight, apart)
  return {
    groups: groups.map((places) => places.flatMap((place) => sorted[place] ?? [])),
    possibleMatches: possibleMatchesBetween(groups, { evidenceOf, areCompared }, sorted),
  }
}

/** Keys are hashes, other ones in every installation: where evidence is equal, what is said decides, so that all find the same. */
function inOrderOfContent(members: readonly Member[]): Member[] {
  return members
    .map((member) => ({ member, text: JSON.stringify(member.features) }))
    .sort((a, b) => (a.text === b.text ? byKey(a.member, b.member) : a.text < b.text ? -1 : 1))
    .map(({ member }) => member)
}

function byKey(a: Member, b: Member): number {
  return a.key < b.key ? -1 : 1
}

const NONE: Evidence = { weight: 0, isPossible: false }

/** The same of two members by their places. */
type Pairs = { evidenceOf: (a: number, b: number) => Evidence; areCompared: (a: number, b: number) => boolean }

/** Of two groups the strongest possible match alone: a steward is asked once. */
function possibleMatchesBetween(
  groups: readonly number[][],
  { evidenceOf, areCompared }: Pairs,
  members: readonly Member[],
): PossibleMatch[] {
  const possibleMatches: PossibleMatch[] = []
  for (const [at, one] of groups.entries()) {
    for (const other of groups.slice(at + 1)) {
      let strongest: PossibleMatch | undefined
      for (const i of one) {
        for (const j of other) {
          const { weight, isPossible } = evidenceOf(i, j)
          if (!isPossible || weight <= (strongest?.weight ?? -Infinity) || !areCompared(i, j)) continue
          const [a, b] = [i, j].flatMap((at) => members[at] ?? []).sort(byKey)
          if (a !== undefined && b !== undefined) strongest = { a: a.key, b: b.key, weight }
        }
      }
      if (strongest !== undefined) possibleMatches.push(strongest)
    }
  }
  return possibleMatches
}

function components(members: readonly Member[], ties: readonly (readonly [Member, Member])[]): Member[][] {
  const parent = new Map<Member, Member>()
  const rootOf = (member: Member): Member => {
    let root = member
    for (let up = parent.get(root); up !== undefined; up = parent.get(root)) root = up
    return root
  }
  const join = (a: Member, b: Member) => {
    const [one, other] = [rootOf(a), rootOf(b)]
    if (one !== other) parent.set(one, other)
  }
  const bySubject = new Map<Subject, Member>()
  for (const member of members) {
    const first = bySubject.get(member.subject)
    if (first === undefined) bySubject.set(member.subject, member)
    else join(first, member)
  }
  for (const [a, b] of ties) join(a, b)
  const found = new Map<Member, Member[]>()
  for (const member of members) {
    const root = rootOf(member)
    const component = found.get(root)
    if (component) component.push(member)
    else found.set(root, [member])
  }
  return [...found.values()]
}
