import type { ClientBase } from 'pg'
import { sql } from './sql.ts'
import { WALL_ROLE } from './wall.sql.ts'

/** Who connects: `postgres` sets up, `titian_owner` owns the tables, `titian` and `receiver` are the applications. */
export const ROLES = ['postgres', 'titian_owner', 'titian', 'receiver'] as const
export type Role = (typeof ROLES)[number]

const DATABASES = { titian: 'titian_owner', receiver: 'receiver' } as const

/**
 * Makes the roles (none but `postgres` a superuser) and the databases `titian` and `receiver`, where they are missing. The application's
 * role bypasses row security, and takes another one that does not where it works for a platform.
 */
export async function makeRoles(db: ClientBase, passwords: Record<Role, string>): Promise<void> {
  for (const role of ROLES) {
    if (role === 'postgres') continue
    const { rowCount } = await db.query(sql`select 1 from pg_roles where rolname = ${role}`)
    if (rowCount === 0) await db.query(`create role ${role} login password '${passwords[role]}'`)
  }
  await db.query('alter role titian bypassrls')
  const { rowCount: walls } = await db.query(sql`select 1 from pg_roles where rolname = ${WALL_ROLE}`)
  if (walls === 0) await db.query(`create role ${WALL_ROLE} nologin`)
  await db.query(`grant ${WALL_ROLE} to titian`)
  for (const [name, owner] of Object.entries(DATABASES)) {
    const { rowCount } = await db.query(sql`select 1 from pg_database where datname = ${name}`)
    if (rowCount === 0) await db.query(`create database ${name} owner ${owner}`)
    // Everybody may connect to a new database; one who is the other's has no business here.
    await db.query(`revoke connect on database ${name} from public`)
    await db.query(`grant connect on database ${name} to ${name === 'titian' ? 'titian, titian_owner' : owner}`)
  }
}

/** One migrator at a time, until its connection ends: schemas and privileges cannot be changed by two at once. */
export async function lockMigrations(db: ClientBase): Promise<void> {
  await db.query(sql`select pg_advisory_lock(hashtext('titian migrate'))`)
}

/** Waits while somebody migrates, until the transaction ends: what is noted then is seen by the next migration. */
export async function waitForMigrations(tx: ClientBase): Promise<void> {
  await tx.query(sql`select pg_advisory_xact_lock_shared(hashtext('titian migrate'))`)
}

/** Names of the migrations that this database has; none where it has no list of them. */
export async function selectApplied(db: ClientBase): Promise<string[]> {
  const { rows: tables } = await db.query<{ table: string | null }>(sql`select to_regclass('migration') as table`)
  if (!tables[0]?.table) return []
  const { rows } = await db.query<{ name: string }>(sql`select name from migration`)
  return rows.map(({ name }) => name)
}

/** Lets the application's role work with whatever the owner makes in a schema from now on, and makes the schema. */
export async function openSchema(db: ClientBase, schema: string, role: string): Promise<void> {
  await db.query(`create schema if not exists ${schema}`)
  await db.query(`grant usage on schema ${schema} to ${role}`)
  const grant = `alter default privileges in schema ${schema} grant`
  await db.query(`${grant} select, insert, update, delete on tables to ${role}`)
  await db.query(`${grant} usage, select on sequences to ${role}`)
}

/** BullMQ 6.7 makes a sequence for each queue when it is first dispatched (`add_jobs_bulk_unlocked`), as whoever rings. */
export async function grantCreate(db: ClientBase, schema: string, role: string): Promise<void> {
  await db.query(`grant create on schema ${schema} to ${role}`)
}
