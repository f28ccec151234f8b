import type { BatchId, SubjectId } from '../domain/ids.ts'
import { NATIONAL_PLATFORM } from '../domain/platform.ts'
import type { SubjectResult } from '../domain/results/result.ts'
import type { Db } from '../io/postgres/postgres.ts'
import { aad, type Vault } from '../trust/keys/vault.ts'
import { compareAges } from './newer.ts'
import type { SubjectRegister } from './register.ts'
import { type LatestHead, readLatestHeads, readSealedResults } from './subject-result.sql.ts'

/** What a sealed result says: all but whose it is. */
export type SaidResult = Omit<SubjectResult, 'subject'>

/** A result that stands, with the moment that it took effect. */
export type StandingResult = SubjectResult & { appliedAt: Date }

/** Reads what BPS said last of subjects, by the ids that they go by now. */
export type LatestResults = (
  db: Db,
  vault: Pick<Vault, 'open'>,
  subjects: readonly SubjectId[],
) => Promise<Map<SubjectId, StandingResult>>

/** What binds a sealed result to its row. */
export function resultPlace(batch: BatchId, line: number): string {
  return aad(NATIONAL_PLATFORM, 'subject_result', `${batch}:${line}`, 'sealed')
}

/** The newest result of each subject, under its own id or one that leads to it; by the id asked for. */
export async function latestHeads(
  db: Db,
  register: Pick<SubjectRegister, 'former'>,
  subjects: readonly SubjectId[],
): Promise<Map<SubjectId, LatestHead>> {
  const into = new Map((await register.former(db, subjects)).map(({ id, into }) => [id, into]))
  const heads = await readLatestHeads(db, [...new Set([...subjects, ...into.keys()])])
  const latest = new Map<SubjectId, LatestHead>()
  for (const head of heads) {
    const subject = into.get(head.subject) ?? head.subject
    const known = latest.get(subject)
    if (known === undefined || compareAges(head, known) > 0) latest.set(subject, head)
  }
  return latest
}

/**
 * Makes the reading of latest results. An id that was merged gives the result of the subject that it is now, under the id asked
 * for. Throws `sealed-invalid` when bytes are not those of their row.
 */
export function resultReader(register: Pick<SubjectRegister, 'living' | 'former'>): LatestResults {
  return async (db, vault, subjects) => {
    const living = await register.living(db, subjects)
    const heads = await latestHeads(db, register, [...new Set(living.values())])
    const rows = await readSealedResults(
      db,
      [...heads.values()].map(({ id }) => id),
    )
    const opened = new Map(
      rows.map(({ id, batch, line, sealed, appliedAt }) => {
        const said = JSON.parse(vault.open(sealed, resultPlace(batch, line)).toString('utf8')) as SaidResult
        return [id, { ...said, appliedAt }] as const
      }),
    )
    const results = new Map<SubjectId, StandingResult>()
    for (const subject of subjects) {
      const now = living.get(subject)
      const said = now === undefined ? undefined : opened.get(heads.get(now)?.id ?? '')
      if (now !== undefined && said !== undefined) results.set(subject, { subject: now, ...said })
    }
    return results
  }
}
