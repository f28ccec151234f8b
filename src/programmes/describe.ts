import type { Static } from 'typebox'
import type { StoredList } from './lists/stored-list.ts'
import { oddVillages, type VillageCount } from './lists/tally.ts'
import { NOTICE } from './notice.ts'
import type { CompiledProgramme } from './rules/compile-programme.ts'
import { inForce, type ProgrammeBook } from './rules/read-book.ts'
import type { CandidateList, ProgrammeView } from './shapes.ts'

const MOST_ODD = 200

/** A programme as the API shows it. */
export function describeProgramme(
  { programme }: CompiledProgramme,
  { overlaps, programmes }: ProgrammeBook,
  day: string,
): Static<typeof ProgrammeView> {
  const { name, version, title, owner, unit, valid, source, settings, assumptions, undecidable, criteria } = programme
  return {
    ...{ name, version, title, owner, unit, valid, source },
    in_force: inForce(programmes.get(name) ?? [], day)?.programme === programme,
    settings: settings.map(({ id, en, ...setting }) => ({ ...setting, title: { id, en } })),
    assumptions: [...assumptions],
    undecidable: [...undecidable],
    criteria: criteria.map(({ code, mark, id, en }) => ({
      ...{ code, mark, title: { id, en } },
      when: programme.written.get(code) ?? null,
    })),
    overlaps: overlaps
      .filter(({ blocks }) => blocks === name)
      .map(({ code, held, component, unit: of, regions, mark, id, en, source: from }) => ({
        ...{ code, aid: held, component: component ?? null, unit: of, regions: regions ?? null, mark },
        ...{ title: { id, en }, source: from },
      })),
  }
}

/** The head of a list as the API shows it. */
export function describeCandidateList(
  list: StoredList,
  { programme }: CompiledProgramme,
  { before, villages, held }: { before: StoredList | undefined; villages: readonly VillageCount[]; held: number },
): Static<typeof CandidateList> {
  const { id, version, region, day, residents, candidates, undecided, elsewhere, added, gone, deciles, readyAt } = list
  const odd = oddVillages(villages)
  return {
    ...{ id, notice: NOTICE, programme: list.programme, version, unit: programme.unit, region, day },
    made_at: readyAt?.toISOString() ?? '',
    previous:
      before === undefined ? null : { id: before.id, day: before.day, rule_changed: before.digest !== list.digest },
    counts: {
      ...{ residents, candidates, undecided, not_eligible: residents - candidates - undecided, elsewhere, added, gone },
      held_entries: held,
    },
    deciles,
    odd_villages: odd.slice(0, MOST_ODD),
    odd_villages_more: Math.max(0, odd.length - MOST_ODD),
    assumptions: [...programme.assumptions],
    undecidable: [...programme.undecidable],
  }
}
