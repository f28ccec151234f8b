import type { Static } from 'typebox'
import type { CandidateList, ProgrammePage } from '../../programmes/shapes.ts'
import type { Gateway } from '../client/push.client.ts'
import { whenMade } from '../programmes/candidates.ts'
import { table } from '../table.ts'

/** How many candidates each programme has among the residents of each platform. */
export type DemoCandidates = Record<string, Record<string, number>>

/** Makes a list of each programme for each platform, as their offices would. */
export async function makeCandidateLists(
  platforms: readonly string[],
  gatewayOf: (platform: string) => Promise<Gateway>,
): Promise<{ candidates: DemoCandidates; undecided: DemoCandidates; notice: string }> {
  const candidates: DemoCandidates = {}
  const undecided: DemoCandidates = {}
  let notice = ''
  for (const platform of platforms) {
    const gateway = await gatewayOf(platform)
    const { programmes } = await gateway.get<Static<typeof ProgrammePage>>('/v1/programmes')
    for (const { name } of programmes.filter(({ in_force }) => in_force)) {
      const list = await whenMade(() => gateway.post<Static<typeof CandidateList>>(`/v1/programmes/${name}/lists`))
      candidates[name] = { ...candidates[name], [platform]: list.counts.candidates }
      undecided[name] = { ...undecided[name], [platform]: list.counts.undecided }
      notice = list.notice.en
    }
  }
  return { candidates, undecided, notice }
}

/** The candidates as lines of the report; beside them how many a human has to look at. */
export function formatCandidates({
  candidates,
  undecided,
  notice,
}: Awaited<ReturnType<typeof makeCandidateLists>>): string[] {
  const platforms = [...new Set(Object.values(candidates).flatMap((found) => Object.keys(found)))].sort()
  const rows = Object.entries(candidates).map(([name, found]) => [
    name,
    ...platforms.map((one) => `${found[one] ?? 0} + ${undecided[name]?.[one] ?? 0}`),
  ])
  return [
    'Candidates + undecided, per programme and platform',
    ...table([['programme', ...platforms], ...rows], 1),
    notice,
  ]
}
