import type { Pool } from 'pg'
import { sql } from '../../src/io/postgres/sql.ts'
import { readBinary } from './binary.ts'

/** A table that the whole way writes for new records, and what of its columns is sealed or is a blind index. */
type Shape = { table: string; sealed?: string; indexed: readonly string[] }

/** Rows of a table, in the parts that are committed together; fields are as binary COPY writes them. */
export type Copied = {
  table: string
  columns: string[]
  /** The column that is sealed anew, -1 if there is none. */
  sealedAt: number
  parts: (Buffer | null)[][][]
}

/** Which rows are written, in an order in which no row names one that is not there yet. */
export const SHAPES: readonly Shape[] = [
  { table: 'chunk', sealed: 'raw', indexed: [] },
  { table: 'entry', indexed: ['key_index'] },
  { table: 'source_record', sealed: 'sealed', indexed: ['key_index', 'content_hash'] },
  { table: 'subject', indexed: ['golden_hash', 'region_hash'] },
  { table: 'identifier', indexed: ['index'] },
  { table: 'blocking', indexed: ['key'] },
  { table: 'delivery', sealed: 'payload', indexed: [] },
]

/** The columns of a table that are written, in order. */
async function columnsOf(db: Pool, table: string): Promise<string[]> {
  const { rows } = await db.query<{ name: string }>(sql`
    select column_name as name from information_schema.columns
    where table_schema = 'public' and table_name = ${table} and is_generated = 'NEVER' order by ordinal_position`)
  return rows.map(({ name }) => name)
}

/** Reads all rows of a table in so many equal parts, each in the order of writing, as the chunks were that wrote them. */
export async function readParts(
  db: Pool,
  { table, sealed }: Pick<Shape, 'table' | 'sealed'>,
  count: number,
): Promise<Copied> {
  const columns = await columnsOf(db, table)
  const sealedAt = sealed === undefined ? -1 : columns.indexOf(sealed)
  if (sealed !== undefined && sealedAt < 0) throw new Error(`${table} has no column ${sealed}`)
  const parts: Copied['parts'] = Array.from({ length: count }, () => [])
  const order = table === 'chunk' ? 'first_line' : 'ctid'
  const select = `
    select ntile(${count}) over (partition by tableoid order by ${order}), ${columns.map((name) => `"${name}"`).join(', ')}
    from ${table} order by 1, ${order}`
  for (const [part, ...row] of await readBinary(db, select)) parts[(part?.readInt32BE() ?? 1) - 1]?.push(row)
  return { table, columns, sealedAt, parts }
}

/** How many different values of a part are blind indexes: one that stands in two rows is made once. */
export function countIndexes(tables: readonly Copied[], part: number): number {
  const values = new Set<string>()
  for (const { table, columns, parts } of tables) {
    const indexed = SHAPES.find((shape) => shape.table === table)?.indexed ?? []
    for (const name of indexed) {
      const at = columns.indexOf(name)
      if (at < 0) throw new Error(`${table} has no column ${name}`)
      for (const row of parts[part] ?? []) if (row[at] != null) values.add(row[at].toString('latin1'))
    }
  }
  return values.size
}
