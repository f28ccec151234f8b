import type { Member, Weigh } from '../cluster/grouping.ts'
import type { Decided } from '../review/decision.sql.ts'
import { type Evidence, evidenceOf, type ScoringModel } from '../score/evidence.ts'
import type { Index } from '../subjects/subject.ts'
import { nameOneFamily, type World } from './working-set.ts'

/** What a steward decided outweighs whatever records say. */
const DECIDED: Readonly<Record<Decided['decision'], Evidence>> = {
  same: { weight: 1000, isPossible: false },
  different: { weight: -1000, isPossible: false },
}

/** Weighs members, each pair once, decisions first; in the world it is known who names one family. */
export function weigher(scoringModel: ScoringModel, world: World, decided: readonly Decided[]): Weigh {
  const known = new Map<string, Evidence>()
  for (const { a, b, decision } of decided) known.set(pairOf(a, b), DECIDED[decision])
  return (a: Member, b: Member) => {
    const pair = pairOf(a.key, b.key)
    let evidence = known.get(pair)
    if (evidence === undefined) {
      evidence = evidenceOf(a.features, b.features, scoringModel, nameOneFamily(world, a.source, b.source))
      known.set(pair, evidence)
    }
    return evidence
  }
}

/** The pairs that were decided. */
export function decidedSet(decided: readonly Decided[]): ReadonlySet<string> {
  return new Set(decided.map(({ a, b }) => pairOf(a, b)))
}

/** A pair by its keys, whichever is named first. */
export function pairOf(a: Index, b: Index): string {
  return a < b ? `${a}${b}` : `${b}${a}`
}
