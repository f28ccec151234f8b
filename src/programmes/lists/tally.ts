import type { FactOrigin, Facts } from '../facts/facts.ts'

/** How many residents of a village stand where; '' is a village that is not known. */
export type VillageCount = { village: string; residents: number; candidates: number; undecided: number }

/** A decile that was used, by its version and date, and for how many residents; without version where a record states it. */
export type DecileUse = {
  source: 'results' | 'records'
  version: string | null
  period: string | null
  as_of: string | null
  residents: number
}

/** A village with so few residents says nothing by having no candidate, or all. */
const TELLING_RESIDENTS = 20
const NEARLY_ALL = 0.9
/** Records of very many days would make a long list of dates. */
const MOST_DECILES = 50

export type OddVillage = VillageCount & { looks: 'none' | 'nearly-all' }

/** The villages that somebody should look at: none of their residents is a candidate or undecided, or nearly all are candidates. */
export function oddVillages(counts: readonly VillageCount[]): OddVillage[] {
  return counts.flatMap((count): OddVillage[] => {
    if (count.village === '' || count.residents < TELLING_RESIDENTS) return []
    if (count.candidates >= count.residents * NEARLY_ALL) return [{ ...count, looks: 'nearly-all' }]
    return count.candidates + count.undecided === 0 ? [{ ...count, looks: 'none' }] : []
  })
}

/** Adds the decile of one more resident; `variables` are those that the programme reads. */
export function countDecile(uses: DecileUse[], facts: Facts, variables: ReadonlySet<string>): void {
  for (const key of variables) {
    if (!key.startsWith('keluarga.desil_')) continue
    const origin = facts.originOf(facts.family, key.slice('keluarga.'.length))
    const use = origin && useOf(origin)
    if (use === undefined) continue
    const alike = (one: DecileUse) =>
      one.source === use.source && one.version === use.version && one.period === use.period && one.as_of === use.as_of
    const known = uses.find(alike) ?? (uses.length >= MOST_DECILES ? uses.find((one) => one.as_of === null) : undefined)
    if (known !== undefined) known.residents += 1
    else uses.push(uses.length < MOST_DECILES ? use : { ...use, version: null, period: null, as_of: null })
    return
  }
}

function useOf(origin: FactOrigin): DecileUse | undefined {
  if (origin.source === 'derived') return undefined
  const version = origin.source === 'results' ? origin.version : null
  const period = origin.source === 'results' ? (origin.period ?? null) : null
  return { source: origin.source, version, period, as_of: origin.asOf, residents: 1 }
}
