import type { PoolClient } from 'pg'
import type { SubjectId } from '../../domain/ids.ts'
import type { Db } from '../../io/postgres/postgres.ts'
import { sql } from '../../io/postgres/sql.ts'
import type { Breach } from './breach.ts'

const COLUMNS = `id, state, known_at as "knownAt", said, client, from_at as "fromAt", to_at as "toAt", batches, platforms, subjects,
  opened_by as "openedBy", opened_at as "openedAt", told_by as "toldBy", told_at as "toldAt", closed_at as "closedAt"`

export async function insertBreach(
  tx: PoolClient,
  breach: Pick<Breach, 'id' | 'knownAt' | 'said' | 'client' | 'fromAt' | 'toAt' | 'batches' | 'platforms' | 'openedBy'>,
  subjects: readonly SubjectId[],
): Promise<void> {
  await tx.query(sql`
    insert into breach (id, known_at, said, client, from_at, to_at, batches, platforms, subjects, opened_by)
    values (${breach.id}, ${breach.knownAt}, ${breach.said}, ${breach.client}, ${breach.fromAt}, ${breach.toAt},
      ${breach.batches}::text[], ${breach.platforms}::text[], ${subjects.length}, ${breach.openedBy})`)
  await tx.query(sql`
    insert into breach_subject (breach, subject)
    select ${breach.id}, given.subject from unnest(${subjects}::text[]) as given(subject)`)
}

export async function findBreach(db: Db, id: string): Promise<Breach | undefined> {
  const { rows } = await db.query<Breach>(`select ${COLUMNS} from breach where id = $1`, [id])
  return rows[0]
}

/** The same, its row locked until the transaction ends. */
export async function lockBreach(tx: PoolClient, id: string): Promise<Breach | undefined> {
  const { rows } = await tx.query<Breach>(`select ${COLUMNS} from breach where id = $1 for update`, [id])
  return rows[0]
}

/** The breaches, the latest first; `told` leaves out those of which no notice was given yet. */
export async function listBreaches(db: Db, told: boolean): Promise<Breach[]> {
  const { rows } = await db.query<Breach>(
    `select ${COLUMNS} from breach where not $1 or state <> 'open' order by id desc limit 1000`,
    [told],
  )
  return rows
}

/** Notes that the notice was given; false where it was before, or there is no such breach. */
export async function tellBreach(tx: PoolClient, id: string, by: string): Promise<boolean> {
  const { rowCount } = await tx.query(sql`
    update breach set state = 'told', told_by = ${by}, told_at = now() where id = ${id} and state = 'open'`)
  return rowCount === 1
}

/** Closes a breach of which the notice was given; false where it is open, closed, or not there. */
export async function closeBreach(tx: PoolClient, id: string, by: string): Promise<boolean> {
  const { rowCount } = await tx.query(sql`
    update breach set state = 'closed', closed_by = ${by}, closed_at = now() where id = ${id} and state = 'told'`)
  return rowCount === 1
}

/** A page of those whom a breach concerns for certain, after one. */
export async function concernedBy(db: Db, breach: string, after: string, limit: number): Promise<SubjectId[]> {
  const { rows } = await db.query<{ subject: SubjectId }>(sql`
    select subject from breach_subject where breach = ${breach} and subject > ${after} order by subject limit ${limit}`)
  return rows.map(({ subject }) => subject)
}
