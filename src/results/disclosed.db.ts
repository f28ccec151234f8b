import type { SubjectId } from '../domain/ids.ts'
import type { Db } from '../io/postgres/postgres.ts'
import type { Vault } from '../trust/keys/vault.ts'
import { readAllResults, type StoredResult } from './disclosed.sql.ts'
import { resultPlace, type SaidResult } from './latest.db.ts'

/** What BPS said of a subject; `said` is null where it is past its retention. */
type ResultOf = Omit<StoredResult, 'batch' | 'line' | 'sealed'> & { said: SaidResult | null }

/** Everything that BPS said of some subjects, the oldest first. */
export async function readResultsOf(
  db: Db,
  vault: Pick<Vault, 'open'>,
  subjects: readonly SubjectId[],
): Promise<ResultOf[]> {
  return (await readAllResults(db, subjects)).map(({ batch, line, sealed, ...row }) => {
    const said = sealed && (JSON.parse(vault.open(sealed, resultPlace(batch, line)).toString('utf8')) as SaidResult)
    return { ...row, said }
  })
}
