import type { ClientBase } from 'pg'

type Column = { table: string; name: string; type: string; required: boolean; given: boolean }
type Rule = { table: string; name: string; kind: 'check' | 'key' | 'link'; columns: string[]; text: string }

/** What code of some version relies on: relations, their columns, what binds them, and who may do what. */
export type Structure = { relations: string[]; columns: Column[]; rules: Rule[]; grants: string[] }

const RELATIONS = `
  select relname as name from pg_class
  where relnamespace = 'public'::regnamespace and relkind in ('r', 'p', 'v', 'm', 'S') and not relispartition`

const COLUMNS = `
  select c.relname as table, a.attname as name, format_type(a.atttypid, a.atttypmod) as type, a.attnotnull as required,
    a.atthasdef or a.attidentity <> '' as given
  from pg_class c join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
  where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p') and not c.relispartition`

const RULES = `
  select c.relname as table, k.conname as name,
    case k.contype when 'c' then 'check' when 'f' then 'link' else 'key' end as kind,
    array(select attname::text from pg_attribute where attrelid = c.oid and attnum = any (k.conkey)) as columns,
    pg_get_constraintdef(k.oid) as text
  from pg_constraint k join pg_class c on c.oid = k.conrelid
  where c.relnamespace = 'public'::regnamespace and not c.relispartition and k.contype in ('c', 'f', 'p', 'u', 'x')
  union all
  select c.relname, x.relname, 'key', array(select attname::text from pg_attribute where attrelid = c.oid and attnum = any (i.indkey)),
    pg_get_indexdef(x.oid)
  from pg_index i join pg_class c on c.oid = i.indrelid join pg_class x on x.oid = i.indexrelid
  where c.relnamespace = 'public'::regnamespace and not c.relispartition and i.indisunique
    and not exists (select from pg_constraint k where k.conindid = i.indexrelid)`

const GRANTS = `
  select concat_ws(' ', c.relname, r.rolname, g.privilege_type) as grant
  from pg_class c cross join aclexplode(c.relacl) g join pg_roles r on r.oid = g.grantee
  where c.relnamespace = 'public'::regnamespace and not c.relispartition and g.grantee <> c.relowner`

export async function readStructure(db: ClientBase): Promise<Structure> {
  return {
    relations: (await db.query<{ name: string }>(RELATIONS)).rows.map(({ name }) => name),
    columns: (await db.query<Column>(COLUMNS)).rows,
    rules: (await db.query<Rule>(RULES)).rows,
    grants: (await db.query<{ grant: string }>(GRANTS)).rows.map(({ grant }) => grant),
  }
}

/** Why code that knew the structure before cannot live with a migration; empty when it can. */
export function breaksOf(before: Structure, after: Structure, migration: string): string[] {
  const tables = new Set(before.relations.filter((name) => after.relations.includes(name)))
  const gone = before.relations.filter((name) => !after.relations.includes(name)).map((name) => `${name} is gone`)
  const lost = before.grants.filter((grant) => tables.has(grant.split(' ')[0] ?? '') && !after.grants.includes(grant))
  return [
    ...gone,
    ...lost.map((grant) => `${grant} is taken away`),
    ...columnBreaks(before, after, tables),
    ...ruleBreaks(before, after, tables),
    ...rowBreaks(before, migration),
    // What is sealed has no structure that could be compared, so its migration says it.
    ...[...migration.matchAll(/\bcomment on column (\S+) is 'form \d+:/g)].map(
      ([, column]) => `${column} is written in another form`,
    ),
    // Code from before this demand refuses to start under such a role.
    ...(/\brolbypassrls\b/.test(migration) ? ['titian must bypass row security'] : []),
  ]
}

function columnBreaks(before: Structure, after: Structure, tables: ReadonlySet<string>): string[] {
  const found = (where: Structure, { table, name }: Column) =>
    where.columns.find((column) => column.table === table && column.name === name)
  const old = before.columns.filter(({ table }) => tables.has(table))
  const changed = old.flatMap((was) => {
    const place = `${was.table}.${was.name}`
    const is = found(after, was)
    if (is === undefined) return `${place} is gone`
    if (is.type !== was.type) return `${place} has another type`
    if (is.required && !was.required) return `${place} may no longer be null`
    return is.required && was.given && !is.given ? `${place} has lost its default` : []
  })
  const demanded = after.columns
    .filter((column) => tables.has(column.table) && found(before, column) === undefined)
    .filter(({ required, given }) => required && !given)
  return [...changed, ...demanded.map(({ table, name }) => `${table}.${name} must be given`)]
}

function ruleBreaks(before: Structure, after: Structure, tables: ReadonlySet<string>): string[] {
  const said = (where: Structure, rule: Rule) =>
    where.rules.some(({ table, name, text }) => table === rule.table && name === rule.name && text === rule.text)
  const isOld = (table: string, name: string) => before.columns.some((one) => one.table === table && one.name === name)
  const old = before.rules.filter((rule) => tables.has(rule.table))
  // A check that is gone hinders nobody; a key serves `on conflict`, and a link deletes what hangs on it.
  const missed = old.filter((rule) => rule.kind !== 'check' && !said(after, rule))
  const tightened = after.rules
    .filter((rule) => tables.has(rule.table) && !said(before, rule))
    .filter((rule) => !isWider(rule, old) && !isIdle(rule, after, (name) => isOld(rule.table, name)))
  return [
    ...missed.map(({ table, name }) => `${table} has lost ${name}`),
    ...tightened.map(({ table, name }) => `${table} is bound by ${name}`),
  ]
}

/** Whether a check admits all that a check on the same columns admitted: a list of values that has grown, alone or at the head of alternatives. */
function isWider(rule: Rule, old: readonly Rule[]): boolean {
  const values = (text: string) => new Set(text.match(/'[^']*'/g) ?? [])
  const frame = (text: string) => text.replace(/'[^']*'::\w+(, )?/g, '')
  return old.some(
    (was) =>
      rule.kind === 'check' &&
      was.kind === 'check' &&
      was.table === rule.table &&
      /^CHECK \(\(\(?\w+ = ANY \(ARRAY\[/.test(was.text) &&
      frame(was.text) === frame(rule.text) &&
      values(was.text).isSubsetOf(values(rule.text)),
  )
}

/** Whether a rule says nothing of rows in which the new columns are as old code leaves them. */
function isIdle(rule: Rule, after: Structure, isOld: (name: string) => boolean): boolean {
  const fresh = after.columns.filter(
    ({ table, name }) => table === rule.table && rule.columns.includes(name) && !isOld(name),
  )
  // Old code leaves the defaults of the new columns, and what adds them has seen to it that those are admitted.
  if (rule.kind === 'check' && fresh.length === rule.columns.length && fresh.every(({ given }) => given)) return true
  // A comparison with null is not false, so a check of comparisons holds; a key or link with a null is not looked at.
  const isNull = fresh.some(({ required, given }) => !required && !given)
  return isNull && !(rule.kind === 'check' && /\b(AND|NOT|NULL|CASE|COALESCE)\b/.test(rule.text))
}

/** Rows that old code relies on and that the migration deletes or rewrites; filling a column that it adds rewrites none. */
function rowBreaks(before: Structure, migration: string): string[] {
  const text = migration.replace(/--.*$/gm, '')
  const isOld = (table: string) => table.startsWith('%') || before.relations.includes(table)
  const removed = text.matchAll(/\b(?:delete\s+from|truncate(?:\s+table)?|merge\s+into)\s+(?:only\s+)?("?[\w%]+)/gi)
  const rewritten = text.matchAll(
    /\bupdate\s+(?:only\s+)?("?[\w%]+)(?:\s+(?:as\s+)?\w+)?\s+set\s+([^;]*?)(?:\bwhere\b|\bfrom\b|;|$)/gi,
  )
  return [
    ...[...removed]
      .map(([, table = '']) => table.replace('"', ''))
      .filter(isOld)
      .map((table) => `rows of ${table} are deleted`),
    ...[...rewritten]
      .map(([, table = '', set = '']) => ({ table: table.replace('"', ''), set }))
      .filter(({ table, set }) => isOld(table) && setsOld(before, table, set))
      .map(({ table }) => `rows of ${table} are rewritten`),
    // Whom it is taken from is the installation's own, so a comparison of privileges may not see it.
    ...[...text.matchAll(/\brevoke\b[^;']*\binsert\b[^;']*\bon\s+(\w+)\s+from\s+%I/gi)]
      .map(([, table = '']) => table)
      .filter(isOld)
      .map((table) => `${table} may not be inserted into`),
  ]
}

function setsOld({ columns }: Structure, table: string, set: string): boolean {
  if (table.startsWith('%')) return true
  return columns.some(
    (column) => column.table === table && new RegExp(`(?:^|[\\s,(])"?${column.name}"?\\s*[=,)]`).test(assigned(set)),
  )
}

/** The left sides of the assignments. */
function assigned(set: string): string {
  return set.replace(/=[^=]*?(?=,\s*\(?\w+\)?\s*=|$)/g, '=')
}
