import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { ClientBase } from 'pg'
import { startEmbedded } from '../../src/io/local/embedded.ts'
import { migrate } from '../../src/io/postgres/migrate.ts'
import { withClient } from '../../src/io/postgres/postgres.ts'

/** The schema as review sees it. */
export const SCHEMA_FILE = join(import.meta.dirname, '..', 'schema.sql')

type Part = { of: string; text: string }

/** Columns of tables: type, then what is computed or given for it. */
const COLUMNS = `
  select c.relname as of, concat_ws(' ', quote_ident(a.attname), format_type(a.atttypid, a.atttypmod),
    case when a.attnotnull then 'not null' end,
    case when a.attidentity <> '' then 'generated ' || case a.attidentity when 'a' then 'always' else 'by default' end || ' as identity' end,
    case a.attgenerated when 's' then 'generated always as (' || pg_get_expr(d.adbin, d.adrelid) || ') stored'
      when 'v' then 'generated always as (' || pg_get_expr(d.adbin, d.adrelid) || ')'
      else 'default ' || pg_get_expr(d.adbin, d.adrelid) end) as text
  from pg_class c join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
    left join pg_attrdef d on d.adrelid = c.oid and d.adnum = a.attnum
  where c.relnamespace = 'public'::regnamespace and c.relkind = 'r'
  order by c.relname, a.attnum`

/** A not-null constraint is said by its column. */
const CONSTRAINTS = `
  select c.relname as of, 'constraint ' || quote_ident(k.conname) || ' ' || pg_get_constraintdef(k.oid) as text
  from pg_constraint k join pg_class c on c.oid = k.conrelid
  where c.relnamespace = 'public'::regnamespace and k.contype not in ('n', 't')
  order by c.relname, k.contype = 'p' desc, k.conname`

/** Indexes that no constraint made. */
const INDEXES = `
  select c.relname as of, pg_get_indexdef(i.indexrelid) || ';' as text
  from pg_index i join pg_class c on c.oid = i.indrelid join pg_class x on x.oid = i.indexrelid
  where c.relnamespace = 'public'::regnamespace
    and not exists (select from pg_constraint k where k.conindid = i.indexrelid)
  order by c.relname, x.relname`

const TRIGGERS = `
  select c.relname as of, pg_get_triggerdef(t.oid) || ';' as text
  from pg_trigger t join pg_class c on c.oid = t.tgrelid
  where c.relnamespace = 'public'::regnamespace and not t.tgisinternal
  order by c.relname, t.tgname`

/** Which rows a role sees of a table. */
const POLICIES = `
  select tablename as of, format(e'alter table %I enable row level security;\ncreate policy %I on %I to %s using %s with check %s;',
    tablename, policyname, tablename, array_to_string(roles, ', '), qual, with_check) as text
  from pg_policies where schemaname = 'public' order by tablename, policyname`

/** What others than the owner may do, on tables and sequences alike. */
const GRANTS = `
  select c.relname as of, 'grant ' || string_agg(lower(g.privilege_type), ', ' order by g.privilege_type)
    || ' on ' || quote_ident(c.relname) || ' to ' || quote_ident(r.rolname) || ';' as text
  from pg_class c cross join aclexplode(c.relacl) g join pg_roles r on r.oid = g.grantee
  where c.relnamespace = 'public'::regnamespace and g.grantee <> c.relowner
  group by c.relname, r.rolname order by c.relname, r.rolname`

const SEQUENCES = `
  select sequencename as of, concat_ws(' ', 'create sequence', quote_ident(sequencename), 'as', data_type, 'start', start_value, 'increment', increment_by,
    case when cycle then 'cycle' end) || ';' as text
  from pg_sequences where schemaname = 'public' order by sequencename`

const FUNCTIONS = `
  select p.proname as of, trim(trailing e'\\n' from pg_get_functiondef(p.oid)) || ';' as text
  from pg_proc p where p.pronamespace = 'public'::regnamespace order by p.proname, p.oid::regprocedure::text`

/** Tables with all that belongs to them, then sequences and functions, each in the order of names: the same text for the same schema. */
export async function dumpSchema(db: ClientBase): Promise<string> {
  const read = async (text: string) => Map.groupBy((await db.query<Part>(text)).rows, ({ of }) => of)
  const columns = await read(COLUMNS)
  const constraints = await read(CONSTRAINTS)
  const sequences = await read(SEQUENCES)
  const functions = await read(FUNCTIONS)
  const grants = await read(GRANTS)
  const after = [await read(INDEXES), await read(TRIGGERS), await read(POLICIES), grants]
  const texts = (parts: ReadonlyMap<string, Part[]>, name: string) => (parts.get(name) ?? []).map(({ text }) => text)
  const tables = [...columns.keys()].map((name) => {
    const inside = [...texts(columns, name), ...texts(constraints, name)].map((text) => `  ${text}`).join(',\n')
    const head = `create table ${name} (\n${inside}\n);`
    return [head, ...after.flatMap((parts) => texts(parts, name))].join('\n')
  })
  const rest = [
    ...[...sequences.keys()].map((name) => [...texts(sequences, name), ...texts(grants, name)].join('\n')),
    ...[...functions.keys()].flatMap((name) => texts(functions, name)),
  ]
  return `-- What the migrations make. Written by \`npm run schema\`; a test compares.\n\n${[...tables, ...rest].join('\n\n')}\n`
}

/** Migrates a database of its own and writes down what came of it. */
async function writeSchema(): Promise<void> {
  await using stack = new AsyncDisposableStack()
  const data = await mkdtemp(join(tmpdir(), 'titian-schema-'))
  stack.defer(() => rm(data, { recursive: true, force: true }))
  const server = await startEmbedded(data)
  stack.defer(() => server.stop())
  const url = server.urlFor('titian_owner', 'titian')
  await migrate(url, 'titian')
  await writeFile(SCHEMA_FILE, await withClient(url, dumpSchema))
}

if (process.argv[1] === import.meta.filename) await writeSchema()
