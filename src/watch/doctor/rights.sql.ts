import type { Db } from '../../io/postgres/postgres.ts'
import { sql } from '../../io/postgres/sql.ts'

/** What the role of this connection may do that it must, and what it must not. */
export type Rights = { role: string; owns: number; missing: string[]; changesAudit: boolean }

/** Reads the rights of the present role on the tables of this database. The audit log is appended to by a function alone. */
export async function selectRights(db: Db): Promise<Rights> {
  const { rows } = await db.query<Rights>(sql`
    select current_user as role,
      (count(*) filter (where pg_get_userbyid(c.relowner) = current_user))::integer as owns,
      coalesce(array_agg(c.relname::text order by c.relname) filter (
        where not has_table_privilege(c.oid, 'select')
          or (c.relname not in ('audit', 'audit_tree', 'migration') and not has_table_privilege(c.oid, 'insert'))), '{}') as missing,
      coalesce(bool_or(c.relname = 'audit' and (
        has_table_privilege(c.oid, 'insert') or has_table_privilege(c.oid, 'update') or has_table_privilege(c.oid, 'delete')
        or has_table_privilege(c.oid, 'truncate'))), false) as "changesAudit"
    from pg_class c where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p')`)
  return rows[0] as Rights
}

/** The versions of Node that processes have shown themselves with within a minute. */
export async function selectShownVersions(db: Db): Promise<string[]> {
  const { rows } = await db.query<{ version: string }>(sql`
    select distinct version from process where seen_at > now() - interval '1 minute' order by version`)
  return rows.map(({ version }) => version)
}
