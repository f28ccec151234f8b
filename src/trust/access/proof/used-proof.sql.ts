import { createHash } from 'node:crypto'
import type { Db } from '../../../io/postgres/postgres.ts'
import { sql } from '../../../io/postgres/sql.ts'

/** Notes that a proof was used; false when it was used before. `owner` is who may have made it, `seconds` how long it could count. */
export async function useProof(db: Db, owner: string, name: string, seconds: number): Promise<boolean> {
  const index = createHash('sha256').update(`${owner}\n${name}`).digest()
  const { rowCount } = await db.query(sql`
    insert into used_proof (index, until) values (${index}, now() + make_interval(secs => ${seconds}))
    on conflict (index) do nothing`)
  return rowCount === 1
}

/** Removes proofs that would be refused for their age by now; says how many there were. */
export async function deleteUsedProofs(db: Db): Promise<number> {
  const { rowCount } = await db.query(sql`delete from used_proof where until < now()`)
  return rowCount ?? 0
}
