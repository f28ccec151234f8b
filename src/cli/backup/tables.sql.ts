import type { ClientBase } from 'pg'
import { sql } from '../../io/postgres/sql.ts'

/** A table of ours with the columns that are stored, and not computed, in their order. */
export type DumpedTable = { name: string; columns: string[] }
/** Where a sequence stands. */
export type DumpedSequence = { name: string; value: string; isCalled: boolean }

/** Everything that is read from here on is of one moment; the work goes on meanwhile. */
export async function beginMoment(db: ClientBase): Promise<void> {
  await db.query(sql`begin transaction isolation level repeatable read, read only`)
}

/** The version of the server, as `18.4`. */
export async function readServerVersion(db: ClientBase): Promise<string> {
  const { rows } = await db.query<{ version: string }>(sql`select current_setting('server_version') as version`)
  return rows[0]?.version ?? ''
}

/** The names of the migrations that a database has had, in their order; none of one that is empty. */
export async function readApplied(db: ClientBase): Promise<string[]> {
  const { rows: found } = await db.query(sql`select from pg_class where oid = to_regclass('public.migration')`)
  if (found.length === 0) return []
  const { rows } = await db.query<{ name: string }>(sql`select name from migration order by id`)
  return rows.map(({ name }) => name)
}

/** Our tables but the list of migrations. BullMQ's are in a schema of its own, and are made anew from what is due. */
export async function selectTables(db: ClientBase): Promise<DumpedTable[]> {
  const { rows } = await db.query<DumpedTable>(sql`
    select c.relname as name, array_agg(a.attname::text order by a.attnum) as columns
    from pg_class c join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
    where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p') and not c.relispartition
      and a.attgenerated = '' and c.relname <> 'migration'
    group by c.relname order by c.relname`)
  return rows
}

/** Which table names rows of which other one. */
export async function selectReferences(db: ClientBase): Promise<{ from: string; to: string }[]> {
  const { rows } = await db.query<{ from: string; to: string }>(sql`
    select distinct c.relname as "from", r.relname as "to"
    from pg_constraint k join pg_class c on c.oid = k.conrelid join pg_class r on r.oid = k.confrelid
    where k.contype = 'f' and c.relnamespace = 'public'::regnamespace and c.oid <> r.oid`)
  return rows
}

/** Where our sequences stand; they run ahead of the moment that is read, never behind it. */
export async function selectSequences(db: ClientBase): Promise<DumpedSequence[]> {
  const { rows } = await db.query<DumpedSequence>(sql`
    select sequencename as name, coalesce(last_value, start_value)::text as value, last_value is not null as "isCalled"
    from pg_sequences where schemaname = 'public' and sequencename <> 'migration_id_seq' order by 1`)
  return rows
}

export async function setSequence(db: ClientBase, { name, value, isCalled }: DumpedSequence): Promise<void> {
  await db.query(sql`select setval(format('public.%I', ${name}::text)::regclass, ${value}::bigint, ${isCalled})`)
}

/** Whether anything of ours was ever written here. */
export async function isUsed(db: ClientBase): Promise<boolean> {
  const { rows: found } = await db.query(sql`select from pg_class where oid = to_regclass('public.audit')`)
  if (found.length === 0) return false
  const { rows } = await db.query<{ used: boolean }>(sql`
    select exists (select from audit) or exists (select from batch) or exists (select from client) as used`)
  return rows[0]?.used ?? true
}

/** Empties tables that a migration has filled, with triggers at rest: what they would note was noted at its time. */
export async function emptyTables(db: ClientBase, names: readonly string[]): Promise<void> {
  for (const name of names) await db.query(`alter table ${quoted(name)} disable trigger user`)
  await db.query(`truncate ${names.map(quoted).join(', ')}`)
}

export async function wakeTriggers(db: ClientBase, names: readonly string[]): Promise<void> {
  for (const name of names) await db.query(`alter table ${quoted(name)} enable trigger user`)
}

/** COPY in PostgreSQL's text format, which every version reads as the others do. */
export function copyOut({ name, columns }: DumpedTable): string {
  return `copy (select ${columns.map(quoted).join(', ')} from ${quoted(name)}) to stdout`
}

export function copyIn({ name, columns }: DumpedTable): string {
  return `copy ${quoted(name)} (${columns.map(quoted).join(', ')}) from stdin`
}

function quoted(name: string): string {
  return `"${name.replaceAll('"', '""')}"`
}

/** Sets the database aside under another name; nobody may be connected to it. */
export async function renameDatabase(db: ClientBase, from: string, to: string): Promise<void> {
  await db.query(`alter database ${quoted(from)} rename to ${quoted(to)}`)
}

export async function createDatabase(db: ClientBase, name: string, owner: string): Promise<void> {
  await db.query(`create database ${quoted(name)} owner ${quoted(owner)}`)
}

export async function dropDatabase(db: ClientBase, name: string): Promise<void> {
  await db.query(`drop database if exists ${quoted(name)} with (force)`)
}
