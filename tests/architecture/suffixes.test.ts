import { describe, expect, it } from 'vitest'
import { codeOf, importsOf, planted, SOURCES, suffixOf, type Tree } from './tree.ts'

/** Middle suffixes; another one is a new idea, and says here what it means. */
const SUFFIXES = ['sql', 'db', 'route', 'http', 'stage', 'client', 'file', 'thread']

/** A statement: by the `sql` tag, or a text that begins as one does. What opens and ends a transaction is none. */
const BEGINNINGS =
  'select\\s|insert into\\s|update [\\w.$}{"]+( \\w+)?\\s+set\\s|delete from\\s|(create|alter|drop|truncate) (table|(unique )?index|role|database|sequence|schema|default|type|function)\\s|grant\\s|revoke\\s|with \\w+( \\(| as)|merge into\\s|lock table\\s'
const STATEMENT = new RegExp(
  `\\bsql\`|['"\`]\\s*(${BEGINNINGS}|SELECT\\s|INSERT INTO\\s|UPDATE \\S+\\s+SET\\s|DELETE FROM\\s)`,
)

/** A route is registered on an instance by a method, by `route`, or by a plugin of its own. */
const REGISTERS =
  /\.(get|post|put|patch|delete|head|options|all)\s*(<[^()]*>)?\(\s*(['"`](?:\/|\$\{)|[A-Z_]+_PATH\b)|\.route\(|\.register\(/

/** Names that say something else than their files hold. */
function suffixFaults(tree: Tree): string[] {
  const imports = Map.groupBy(importsOf(tree), ({ from }) => from)
  return [...tree].flatMap(([path, text]) => {
    const suffix = suffixOf(path)
    const code = codeOf(text)
    const hasSql = STATEMENT.test(code)
    // A list of a room's routes registers them by way of its files.
    const hasRoute =
      REGISTERS.test(code) ||
      (/\broutes\b/.test(code) && (imports.get(path) ?? []).some(({ to }) => to.endsWith('.route.ts')))
    const faults: string[] = []
    if (suffix !== undefined && !SUFFIXES.includes(suffix)) faults.push(`${path} has an unknown suffix`)
    if (suffix === 'sql' && !hasSql) faults.push(`${path} holds no SQL`)
    if (suffix !== 'sql' && hasSql) faults.push(`${path} holds SQL`)
    if (suffix === 'route' && !hasRoute) faults.push(`${path} registers no route`)
    if (suffix === 'http' && REGISTERS.test(code)) faults.push(`${path} registers a route`)
    return faults
  })
}

describe('the middle suffix of a file', () => {
  it('is seen in the source tree', () => {
    expect(new Set([...SOURCES.keys()].map(suffixOf))).toEqual(new Set([undefined, ...SUFFIXES]))
  })

  it('says what the file holds', () => {
    expect(suffixFaults(SOURCES)).toEqual([])
  })

  it.each([
    ['engine/claim.sql.ts', "import { sql } from '../io/postgres/sql.ts'\n// sql`select` was here\n", 'holds no SQL'],
    ['engine/claim.db.ts', 'db.query(sql`select 1`)', 'holds SQL'],
    ['link/load.ts', "const text = 'select id from subject'", 'holds SQL'],
    ['forward/forward.stage.ts', 'tx.query(`\n  update chunk set state = $1`)', 'holds SQL'],
    ['console/home.route.ts', 'db.query("delete from client where id = $1"); app.get("/", () => 1)', 'holds SQL'],
    ['cli/run/database.ts', "await pool.query('select 1')", 'holds SQL'],
    ['console/form.route.ts', 'export function form(reply) { return reply.send(1) }', 'registers no route'],
    ['intake/incoming.http.ts', "app.post('/v1/batches', handle)", 'registers a route'],
    ['intake/incoming.http.ts', "typed.get<Query>(\n  '/v1/batches', handle)", 'registers a route'],
    ['clean/clean.job.ts', 'export const run = 1', 'unknown suffix'],
  ])('is noticed when it does not: %s, %s', (path, text, fault) => {
    expect(suffixFaults(planted(path, text))).toEqual([expect.stringContaining(fault)])
  })

  it.each([
    ['io/postgres/postgres.ts', "await tx.query('begin')"],
    ['clean/verify/mapping.ts', 'throw new Error("with a reason in the README")'],
    ['language/words.ts', "const hint = 'Select a village'; const other = 'update the mapping, with care'"],
    [
      'link/api.route.ts',
      "import { linksRoutes } from './persons/links.route.ts'\nexport const API = { routes: [linksRoutes] }",
    ],
    ['intake/incoming.http.ts', "const type = request.headers.get('accept'); map.get(key)"],
  ])('lets %s be', (path, text) => {
    expect(suffixFaults(planted(path, text))).toEqual([])
  })
})
