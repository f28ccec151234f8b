import type { PoolClient } from 'pg'
import type { SubjectId } from '../domain/ids.ts'
import { latestHeads } from './latest.db.ts'
import { noteSubjects } from './notice.sql.ts'
import type { SubjectRegister } from './register.ts'
import { areThereResults, lockResults } from './subject-result.sql.ts'

/**
 * Makes the function that lets results follow subjects whose records have changed, in the transaction that changes them: who
 * sends somebody after BPS has spoken is told as well, and so is everybody after a merge or a split.
 */
export function resultFollower(register: Pick<SubjectRegister, 'former' | 'platforms'>) {
  return async (tx: PoolClient, subjects: readonly SubjectId[]): Promise<void> => {
    if (subjects.length === 0) return
    await lockResults(tx)
    if (!(await areThereResults(tx))) return
    const spoken = await latestHeads(tx, register, subjects)
    await noteSubjects(tx, await register.platforms(tx, [...spoken.keys()]))
  }
}
