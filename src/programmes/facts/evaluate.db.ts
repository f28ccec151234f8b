import type { SubjectId } from '../../domain/ids.ts'
import type { CompiledProgramme, Judgement } from '../rules/compile-programme.ts'
import type { Evaluated, ListFrame } from './evaluated.ts'
import { type FactRules, factMaker } from './facts.ts'
import type { ReadResidents, ReadResults, Resident } from './household.ts'
import { belongsHere } from './place.ts'

export type EvaluateDeps = { readResidents: ReadResidents; readResults: ReadResults; facts: FactRules }

/** Asks a programme, and perhaps a changed one, about subjects. Those that the platform holds nothing of are left out. */
export async function evaluate(
  deps: EvaluateDeps,
  { platform, scope, region, day }: ListFrame,
  subjects: readonly SubjectId[],
  programmes: readonly CompiledProgramme[],
): Promise<(Evaluated & { verdicts: Judgement[] })[]> {
  const residents = await deps.readResidents(platform, subjects)
  const results = await deps.readResults(subjectsOf(residents))
  const make = factMaker(deps.facts, results, day)
  return residents.flatMap((resident) => {
    const { self, household } = resident
    const facts = make(household)
    const within = belongsHere(household.place, scope, region)
    const family = self.level === 'individu' && household.id !== null ? results.get(household.id) : undefined
    const said = { own: results.get(self.subject), family }
    const verdicts = programmes.map((one) => one.judge(resident, facts, said, day, within === 'inside'))
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
