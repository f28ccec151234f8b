import type { SubjectId } from '../../domain/ids.ts'
import type { Db } from '../../io/postgres/postgres.ts'
import type { AgreedCoverage } from '../../trust/agreements/coverage.ts'
import type { Vault } from '../../trust/keys/vault.ts'
import type { LatestResults } from '../latest.db.ts'
import type { SubjectRegister } from '../register.ts'
import type { ReturnedResult } from './returned-shape.ts'
import { type Turning, turnResult } from './turned.ts'

export type ReturnDeps = {
  vault: Pick<Vault, 'open'>
  register: Pick<SubjectRegister, 'living' | 'records' | 'restricted'>
  latestResults: LatestResults
  /** The fields that platforms may be told of. */
  coverage: AgreedCoverage
}

/**
 * The latest results of subjects, turned back for every source record that a platform holds of them, in the order given. Of who is
 * restricted nothing is given.
 */
export async function returnResults(
  db: Db,
  { vault, register, latestResults, coverage }: ReturnDeps,
  { platform, subjects }: { platform: string; subjects: readonly SubjectId[] },
  turning: Turning,
): Promise<ReturnedResult[]> {
  const living = await register.living(db, subjects)
  const known = [...new Set(subjects.flatMap((subject) => living.get(subject) ?? []))]
  const restricted = await register.restricted(db, known)
  const now = known.filter((subject) => !restricted.has(subject))
  const results = await latestResults(db, vault, now)
  const held = Map.groupBy(await register.records(db, now, platform), ({ subject }) => subject)
  return now.flatMap((subject) => {
    const result = results.get(subject)
    const records = held.get(subject) ?? []
    if (result === undefined) return []
    return records.map((record) =>
      turnResult(
        record,
        result,
        records.filter((other) => other !== record),
        { ...turning, covered: coverage(platform) },
      ),
    )
  })
}
