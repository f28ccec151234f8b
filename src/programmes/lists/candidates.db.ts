import type { Db } from '../../io/postgres/postgres.ts'
import { reasonsOf, type Telling, whoIs } from '../candidate.ts'
import type { CandidateRow } from '../candidate-shapes.ts'
import { type EvaluateDeps, evaluate } from '../facts/evaluate.db.ts'
import type { ListFrame } from '../facts/evaluated.ts'
import type { CompiledProgramme } from '../rules/compile-programme.ts'
import type { Listed, ListPart, StoredList } from './stored-list.ts'
import { readListed } from './verdict.sql.ts'

type Asked = {
  frame: ListFrame
  list: StoredList
  part: ListPart
  after: string
  limit: number
  telling: Telling
}

/**
 * A page of a list with reasons as they are now, and the subject to go on after. Of whom the platform holds nothing any more is
 * left out, so that a withdrawn person never shows; a page may thus be shorter than asked for.
 */
export async function readCandidates(
  deps: EvaluateDeps & { db: Db },
  compiled: CompiledProgramme,
  { frame, list, part, after, limit, telling }: Asked,
): Promise<{ rows: CandidateRow[]; next: string | null }> {
  const listed = await readListed(deps.db, list, part, after, limit + 1)
  const shown = listed.slice(0, limit)
  const found = await evaluate(
    deps,
    frame,
    shown.map(({ subject }) => subject),
    [compiled],
  )
  const evaluated = new Map(found.map((one) => [one.resident.self.subject, one]))
  const rows = shown.flatMap((one): CandidateRow[] => {
    const now = evaluated.get(one.subject)
    if (now === undefined) return []
    return [
      {
        ...whoIs(now),
        verdict: one.verdict,
        now: now.within === 'outside' ? 'elsewhere' : now.verdict.eligibility,
        since_last_list: sinceOf(one, list),
        ...reasonsOf(now, compiled, list.day, telling),
      },
    ]
  })
  return { rows, next: listed.length > limit ? (shown.at(-1)?.subject ?? null) : null }
}

function sinceOf({ verdict, before }: Listed, { previous }: StoredList): CandidateRow['since_last_list'] {
  if (previous === null) return null
  if (verdict === before) return 'stayed'
  return before === 'candidate' && verdict !== 'candidate' ? 'gone' : 'added'
}
