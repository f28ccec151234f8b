import type { PoolClient } from 'pg'
import type { Db } from '../../io/postgres/postgres.ts'
import { sql } from '../../io/postgres/sql.ts'
import type { IndexedTable } from './columns.ts'

/** A row that is not moved yet: where it stands, its values in the order of `movedColumns` as hexadecimal digits, and what is sealed. */
export type IndexedRow = { place: string; values: (string | null)[]; name: string | null; sealed: Buffer | null }

/** How far a table is. */
export type MoveState = { page: string; met: string; moved: string; doneAt: Date | null }

/** Pages of a table that are read at once. */
const PAGES = 64

/** Lets rows be moved to a key from now on. */
export async function beginMoving(tx: PoolClient, version: number): Promise<void> {
  await tx.query(sql`update index_key set moving_to = ${version}, since = now()`)
  await tx.query(sql`delete from index_move`)
}

/** Lets indexes be made under the key that all rows were moved to. */
export async function endMoving(tx: PoolClient): Promise<void> {
  await tx.query(
    sql`update index_key set version = moving_to, moving_to = null, since = now() where moving_to is not null`,
  )
}

/** How far a table is on its way to a key, its row locked. */
export async function takeMove(tx: PoolClient, { table }: IndexedTable, version: number): Promise<MoveState> {
  await tx.query(sql`
    insert into index_move (name, version) values (${table}, ${version}) on conflict (name) do nothing`)
  const { rows } = await tx.query<MoveState>(sql`
    select page, met, moved, done_at as "doneAt" from index_move where name = ${table} for update`)
  return rows[0] ?? { page: '0', met: '0', moved: '0', doneAt: null }
}

/** Notes how far a table is. */
export async function noteMove(
  tx: PoolClient,
  { table }: IndexedTable,
  state: { page: string; met: bigint; moved: number; isDone: boolean },
): Promise<void> {
  await tx.query(sql`
    update index_move
    set page = ${state.page}, met = ${state.met}, moved = moved + ${state.moved},
      done_at = case when ${state.isDone} then now() end
    where name = ${table}`)
}

/** Whether rows of a table are under another key. Reads the whole table where there is none. */
export async function hasUnmoved(db: Db, { table }: IndexedTable, version: number): Promise<boolean> {
  const { rows } = await db.query<{ has: boolean }>(
    `select exists (select from ${table} where moved_to is distinct from $1) as has`,
    [version],
  )
  return rows[0]?.has ?? false
}

/** How many rows a table has, and how many of them were moved to a key. Reads the whole table. */
export async function countMoved(
  db: Db,
  { table }: IndexedTable,
  version: number,
): Promise<{ rows: number; moved: number }> {
  const { rows } = await db.query<{ rows: string; moved: string }>(
    `select count(*)::text as rows, (count(*) filter (where moved_to = $1))::text as moved from ${table}`,
    [version],
  )
  return { rows: Number(rows[0]?.rows ?? 0), moved: Number(rows[0]?.moved ?? 0) }
}

/** The columns of a table that are moved, in the order of a row's values. */
export function movedColumns({ indexes, block, hidden }: IndexedTable): string[] {
  return [...indexes, block, hidden].filter((column) => column !== undefined)
}

/** Rows of some pages that are not moved yet, locked; those that somebody holds are passed over. Says where the next pages begin. */
export async function lockUnmoved(
  tx: PoolClient,
  table: IndexedTable,
  { version, page, limit }: { version: number; page: string; limit: number },
): Promise<{ rows: IndexedRow[]; next: string; isHeld: boolean; isLast: boolean }> {
  const { block, sealed } = table
  const next = (BigInt(page) + BigInt(PAGES)).toString()
  const range = 't.ctid >= $1::tid and t.ctid < $2::tid and t.moved_to is distinct from $3'
  const bounds = [`(${page},0)`, `(${next},0)`, version]
  const digits = movedColumns(table).map((column) =>
    column === block ? `encode(int8send(t.${column}), 'hex')` : `encode(t.${column}, 'hex')`,
  )
  const { rows } = await tx.query<IndexedRow>(
    `select t.ctid::text as place, array[${digits.join(', ')}]::text[] as values,
       ${sealed === undefined ? 'null' : `t.${sealed.name}`} as name, ${sealed === undefined ? 'null' : `t.${sealed.column}`} as sealed
     from ${table.table} t where ${range} limit $4 for update skip locked`,
    [...bounds, limit],
  )
  if (rows.length > 0) return { rows, next, isHeld: false, isLast: false }
  const { rowCount } = await tx.query(`select from ${table.table} t where ${range} limit 1`, bounds)
  const size = await tx.query<{ pages: string }>(
    `select (pg_relation_size($1::regclass) / current_setting('block_size')::bigint)::text as pages`,
    [table.table],
  )
  return { rows, next, isHeld: rowCount === 1, isLast: BigInt(next) >= BigInt(size.rows[0]?.pages ?? '0') }
}

/** Puts moved values in the place of those that were locked. */
export async function replaceIndexes(
  tx: PoolClient,
  table: IndexedTable,
  version: number,
  rows: readonly IndexedRow[],
): Promise<void> {
  const { block, sealed } = table
  const columns = movedColumns(table)
  const names = columns.map((_, at) => `v${at}`)
  const sets = columns.map((column, at) =>
    column === block ? `${column} = ('x' || g.v${at})::bit(64)::bigint` : `${column} = decode(g.v${at}, 'hex')`,
  )
  if (sealed !== undefined) sets.push(`${sealed.column} = g.sealed`)
  const lists = columns.map((_, at) => rows.map(({ values }) => values[at] ?? null))
  const types = ['text[]', ...columns.map(() => 'text[]'), ...(sealed === undefined ? [] : ['bytea[]'])]
  await tx.query(
    `update ${table.table} t set ${sets.join(', ')}, moved_to = $1
     from unnest(${types.map((type, at) => `$${at + 2}::${type}`).join(', ')})
       as g(place, ${names.join(', ')}${sealed === undefined ? '' : ', sealed'})
     where t.ctid = g.place::tid`,
    [
      version,
      rows.map(({ place }) => place),
      ...lists,
      ...(sealed === undefined ? [] : [rows.map((row) => row.sealed)]),
    ],
  )
}
