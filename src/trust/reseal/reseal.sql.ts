import type { PoolClient } from 'pg'
import { type Db, isDistributed } from '../../io/postgres/postgres.ts'
import { sql } from '../../io/postgres/sql.ts'
import { either } from '../../io/postgres/table-form.ts'
import type { SealedColumn } from './columns.ts'

/** How far a column is: the page of its table that is next, and how many values of other keys were met since the first page. */
export type ResealState = {
  name: string
  version: number
  page: string
  met: string
  resealed: string
  cleanAt: Date | null
}

/** A sealed value, and where its row stands. */
export type SealedValue = { place: string; value: Buffer; names: string[] }

/** Pages of a table that are read at once; a value of megabytes lies outside of them. */
const PAGES = 64

/** Where a table is distributed, a page is what begins with the same two bytes of the index that it is spread by: of a nation 5,000 rows. */
const PREFIXES = 65_536
const PREFIXES_AT_ONCE = 4

// A process that was not restarted may go on sealing under an old key.
const AGAIN_HOURS = 1

/** The name of a column in lists. */
export function nameOf({ table, column }: SealedColumn): string {
  return `${table}.${column}`
}

/** The bytes of a column as SQL, whatever form it is stored in. */
function bytesOf({ column, form }: SealedColumn): string {
  return form === 'bytes' ? `t.${column}` : `decode(t.${column}, 'base64')`
}

/** The version of the seal key as SQL: the second and third byte of a value, all that is read of a large one. */
function versionOf({ column, form }: SealedColumn): string {
  // Eight characters of base64 are six bytes.
  const head =
    form === 'bytes' ? `substring(t.${column} from 1 for 3)` : `decode(substring(t.${column} from 1 for 8), 'base64')`
  return `(get_byte(${head}, 1) * 256 + get_byte(${head}, 2))`
}

/** How many values of a column are sealed under each version. Reads the whole table. */
export async function countVersions(db: Db, column: SealedColumn): Promise<{ version: number; values: string }[]> {
  const { rows } = await db.query<{ version: number; values: string }>(
    `select ${versionOf(column)} as version, count(*)::text as values
     from ${column.table} t where t.${column.column} is not null group by 1 order by 1`,
  )
  return rows
}

/** The state of a column, its row locked; undefined where another process has it. One that began for another key begins anew. */
export async function takeState(
  tx: PoolClient,
  column: SealedColumn,
  version: number,
): Promise<ResealState | undefined> {
  const name = nameOf(column)
  await tx.query(sql`
    insert into reseal (name, version) values (${name}, ${version}) on conflict (name) do nothing`)
  await tx.query(sql`
    update reseal set version = ${version}, page = 0, met = 0, resealed = 0, clean_at = null
    where name in (select name from reseal where name = ${name} for update skip locked)
      and (version < ${version} or clean_at < now() - make_interval(hours => ${AGAIN_HOURS}))`)
  const { rows } = await tx.query<ResealState>(sql`
    select name, version, page, met, resealed, clean_at as "cleanAt" from reseal
    where name = ${name} and version = ${version} for update skip locked`)
  return rows[0]
}

/** Lets every column be walked again. */
export async function beginAgain(db: Db): Promise<void> {
  await db.query(sql`update reseal set page = 0, met = 0, clean_at = null`)
}

/** How many pages a table has now. */
export async function countPages(db: Db, { table, spreadBy }: SealedColumn): Promise<bigint> {
  const whole = {
    text: `select (pg_relation_size($1::regclass) / current_setting('block_size')::bigint)::text as pages`,
    values: [table],
  }
  const spread = () => ({ text: `select '${PREFIXES}' as pages`, values: [] })
  const { rows } = await db.query<{ pages: string }>(spreadBy === undefined ? whole : either(whole, spread))
  return BigInt(rows[0]?.pages ?? '0')
}

/**
 * Values of other keys in some pages of a table, their rows locked; rows that somebody holds are passed over, and met again in the
 * next pass. Says where the next pages begin. Rows of distributed tables cannot be locked: their place tells what they held.
 */
export async function lockOutdated(
  tx: PoolClient,
  column: SealedColumn,
  { version, page, limit }: { version: number; page: string; limit: number },
): Promise<{ values: SealedValue[]; next: string; isHeld: boolean }> {
  const after = (pages: number) => (BigInt(page) + BigInt(pages)).toString()
  const isPage = `t.ctid >= $1::tid and t.ctid < $2::tid and t.${column.column} is not null and ${versionOf(column)} < $3`
  const bounds = [`(${page},0)`, `(${after(PAGES)},0)`, version]
  const found = `${bytesOf(column)} as value, array[${column.names.join(', ')}]::text[] as names
     from ${column.table} t ${column.join ?? ''}`
  const whole = {
    text: `select t.ctid::text as place, ${found} where ${isPage} limit $4 for update of t skip locked`,
    values: [...bounds, limit],
  }
  const { spreadBy } = column
  const spread = () => ({
    text: `select encode(t.${spreadBy}, 'hex') || ' ' || encode(sha256(t.${column.column}), 'hex') as place, ${found}
     where t.${spreadBy} >= $1::bytea and ($2::bytea is null or t.${spreadBy} < $2) and t.${column.column} is not null
       and ${versionOf(column)} < $3 limit $4`,
    values: [prefix(page), prefix(after(PREFIXES_AT_ONCE)), version, limit],
  })
  const { rows } = await tx.query<SealedValue>(spreadBy === undefined ? whole : either(whole, spread))
  const isSpread = spreadBy !== undefined && isDistributed(tx)
  const next = after(isSpread ? PREFIXES_AT_ONCE : PAGES)
  if (rows.length > 0 || isSpread) return { values: rows, next, isHeld: false }
  const left = await tx.query(`select from ${column.table} t where ${isPage} limit 1`, bounds)
  return { values: rows, next, isHeld: left.rowCount === 1 }
}

/** Where the indexes of a page begin; null behind the last one. */
function prefix(page: string): Buffer | null {
  if (BigInt(page) >= BigInt(PREFIXES)) return null
  const bytes = Buffer.alloc(2)
  bytes.writeUInt16BE(Number(page))
  return bytes
}

/** Puts values that are sealed anew in the place of those that were locked. */
export async function replaceSealed(
  tx: PoolClient,
  { table, column, form, spreadBy }: SealedColumn,
  values: readonly { place: string; value: Buffer }[],
): Promise<void> {
  const stored = form === 'bytes' ? 'given.value' : `replace(encode(given.value, 'base64'), chr(10), '')`
  // One at a time: an array of large values would be sent as text, twice as long.
  for (const { place, value } of values) {
    const whole = {
      text: `update ${table} t set ${column} = ${stored} from (select $1::tid as place, $2::bytea as value) given
       where t.ctid = given.place`,
      values: [place, value],
    }
    const spread = () => {
      const [index = '', digest = ''] = place.split(' ').map((text) => Buffer.from(text, 'hex'))
      return {
        text: `update ${table} set ${column} = $2 where ${spreadBy} = $1 and sha256(${column}) = $3`,
        values: [index, value, digest],
      }
    }
    await tx.query(spreadBy === undefined ? whole : either(whole, spread))
  }
}

/** Notes how far a column is. */
export async function noteState(
  tx: PoolClient,
  name: string,
  state: { page: string; met: bigint; resealed: number; isClean: boolean },
): Promise<void> {
  await tx.query(sql`
    update reseal
    set page = ${state.page}, met = ${state.met}, resealed = resealed + ${state.resealed},
      clean_at = case when ${state.isClean} then now() end
    where name = ${name}`)
}
