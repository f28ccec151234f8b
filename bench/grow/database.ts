import type { Pool } from 'pg'
import { sql } from '../../src/io/postgres/sql.ts'

/** Counters of PostgreSQL at a moment; differences of two tell what happened between. */
export type Counters = { wal: number; indexHits: number; indexReads: number }

/** Rows and bytes of a table, of all its partitions, with their indexes and what is stored out of line. */
export type TableSize = { table: string; rows: number; bytes: number }

export async function countSubjects(db: Pool): Promise<number> {
  const { rows } = await db.query<{ n: number }>(sql`select count(*)::integer as n from subject`)
  return rows[0]?.n ?? 0
}

/** The log of the whole server, the stand-in's part included; index blocks of this database. */
export async function readCounters(db: Pool): Promise<Counters> {
  const { rows } = await db.query<Counters>(sql`
    select (pg_current_wal_lsn() - '0/0')::float8 as wal, sum(idx_blks_hit)::float8 as "indexHits", sum(idx_blks_read)::float8 as "indexReads"
    from pg_statio_user_indexes where schemaname = 'public'`)
  return rows[0] ?? { wal: Number.NaN, indexHits: Number.NaN, indexReads: Number.NaN }
}

/** All tables of the gateway; rows are those that the last vacuum counted. */
export async function readSizes(db: Pool): Promise<TableSize[]> {
  const { rows } = await db.query<TableSize>(sql`
    select coalesce(p.relname, c.relname) as table, sum(greatest(c.reltuples, 0))::float8 as rows,
      sum(pg_total_relation_size(c.oid))::float8 as bytes
    from pg_class c
    left join pg_inherits i on i.inhrelid = c.oid
    left join pg_class p on p.oid = i.inhparent
    where c.relnamespace = 'public'::regnamespace and c.relkind = 'r'
    group by 1 order by 3 desc`)
  return rows
}

/** Bytes of sealed chunks and of sealed deliveries: what retention destroys. */
export async function readSealed(db: Pool): Promise<{ chunks: number; deliveries: number }> {
  const { rows } = await db.query<{ chunks: number; deliveries: number }>(sql`
    select (select coalesce(sum(pg_column_size(raw)), 0)::float8 from chunk) as chunks,
      (select coalesce(sum(pg_column_size(payload)), 0)::float8 from delivery) as deliveries`)
  return rows[0] ?? { chunks: 0, deliveries: 0 }
}
