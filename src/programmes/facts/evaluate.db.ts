import type { SubjectId } from '../../domain/ids.ts'
import type { CompiledProgramme, Verdict } from '../rules/compile-programme.ts'
import { type FactRules, type Facts, factMaker } from './facts.ts'
import type { ReadResidents, ReadResults, Resident } from './household.ts'
import { belongsHere, type Within } from './place.ts'

/** Whom a list is made of: a platform's residents of a scope, of these the ones of a region ('' for all), on a day. */
export type ListFrame = { platform: string; scope: readonly string[]; region: string; day: string }

export type EvaluateDeps = { readResidents: ReadResidents; readResults: ReadResults; facts: FactRules }

/** A resident with what was found about it. */
export type Evaluated = { resident: Resident; facts: Facts; within: Within; verdict: Verdict }

/** Asks a programme, and perhaps a changed one, about subjects. Those that the platform holds nothing of are left out. */
export async function evaluate(
  deps: EvaluateDeps,
  { platform, scope, region, day }: ListFrame,
  subjects: readonly SubjectId[],
  programmes: readonly CompiledProgramme[],
): Promise<(Evaluated & { verdicts: Verdict[] })[]> {
  const residents = await deps.readResidents(platform, subjects)
  const results = await deps.readResults(subjectsOf(residents))
  const make = factMaker(deps.facts, results, day)
  return residents.flatMap((resident) => {
    const { self, household } = resident
    const facts = make(household)
    const within = belongsHere(household.place, scope, region)
    const result = results.get(self.subject)
    const verdicts = programmes.map((one) => one.judge(resident, facts, result, day, within === 'inside'))
    const [verdict] = verdicts
    return verdict === undefined ? [] : [{ resident, facts, within, verdict, verdicts }]
  })
}

/** Everybody whose results count: the residents, their families and all members. */
function subjectsOf(residents: readonly Resident[]): SubjectId[] {
  const subjects = new Set<SubjectId>()
  for (const { self, household } of residents) {
    subjects.add(self.subject)
    if (household.id !== null) subjects.add(household.id)
    for (const { subject } of household.members) subjects.add(subject)
  }
  return [...subjects]
}
