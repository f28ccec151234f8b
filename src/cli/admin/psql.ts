import { type SpawnSyncReturns, spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { createInterface, type Interface } from 'node:readline'
import { Command } from 'commander'
import type pg from 'pg'
import { TitianError } from '../../domain/error.ts'
import type { CliContext } from '../context.ts'
import { databaseAddress } from '../run/database.ts'
import { table } from '../table.ts'

const NO_PSQL =
  'psql is not installed: install the PostgreSQL client (postgresql-client, or libpq with Homebrew), or give one statement with -c'

/** What psql knows an address by; parameters of an address have variables of the same meaning. */
const PARAMETERS: Readonly<Record<string, string>> = {
  host: 'PGHOST',
  sslmode: 'PGSSLMODE',
  sslrootcert: 'PGSSLROOTCERT',
  sslcert: 'PGSSLCERT',
  sslkey: 'PGSSLKEY',
}

/** `titian psql`: the database as the gateway's own role sees it. */
export function psqlCommand(context: CliContext): Command {
  return new Command('psql')
    .description("Look into the gateway's database with psql, or run one statement with -c where psql is not installed")
    .option('--data <dir>', 'data folder of a running titian up; DATABASE_URL comes first', context.dataDir)
    .option('-c, --command <sql>', 'run this and end')
    .action(async ({ data, command }: { data: string; command?: string }) => {
      // Says in one sentence when nothing runs there; psql would only name a port.
      const db = await context.openDatabase(data)
      try {
        const env = { ...context.env, ...psqlVariables(await databaseAddress(context.env, data)) }
        const code = command === undefined ? converse(env) : await runPsql(command, env, context)
        if (code !== undefined) return context.exit(code)
        if (command === undefined) throw new TitianError('unavailable', NO_PSQL)
        for (const line of await runStatement(db, command)) context.out(line)
      } finally {
        await db.end()
      }
    })
}

/** An address as the variables of libpq: a password on a command line could be read by every user of the machine. */
export function psqlVariables(address: string): Record<string, string> {
  const url = new URL(address)
  const variables: Record<string, string> = {
    PGHOST: url.hostname,
    PGPORT: url.port || '5432',
    PGUSER: decodeURIComponent(url.username),
    PGPASSWORD: decodeURIComponent(url.password),
    PGDATABASE: decodeURIComponent(url.pathname.slice(1)),
  }
  for (const [name, value] of url.searchParams) {
    const variable = PARAMETERS[name]
    if (variable !== undefined) variables[variable] = value
  }
  return variables
}

/** Gives the terminal to psql and waits: Ctrl-C is psql's meanwhile. The exit code, or undefined where there is no psql. */
function converse(env: CliContext['env']): number | undefined {
  const ended: SpawnSyncReturns<Buffer> = spawnSync('psql', [], { env, stdio: 'inherit' })
  if (ended.error === undefined) return ended.status ?? 1
  if (isAbsent(ended.error)) return undefined
  throw ended.error
}

/** Runs one command in psql. The exit code, or undefined where there is no psql. */
async function runPsql(sql: string, env: CliContext['env'], context: CliContext): Promise<number | undefined> {
  const child = spawn('psql', ['--no-psqlrc', '--command', sql], { env, stdio: ['ignore', 'pipe', 'pipe'] })
  const ended = once(child, 'close')
  const said = Promise.all([
    passOn(createInterface(child.stdout), context.out),
    passOn(createInterface(child.stderr), context.err),
  ])
  try {
    const [code] = await ended
    await said
    return (code as number | null) ?? 1
  } catch (error) {
    if (isAbsent(error)) return undefined
    throw error
  }
}

async function passOn(lines: Interface, say: (line: string) => void): Promise<void> {
  for await (const line of lines) say(line)
}

function isAbsent(error: unknown): boolean {
  return (error as NodeJS.ErrnoException).code === 'ENOENT'
}

/** Runs statements without psql; values are shown as PostgreSQL writes them, nulls as nothing. */
async function runStatement(db: pg.Pool, text: string): Promise<string[]> {
  const types = { getTypeParser: () => (value: string) => value }
  const answer = await db.query<(string | null)[]>({ text, types, rowMode: 'array' }).catch((cause: Error) => {
    throw new TitianError('bad-request', `PostgreSQL refuses the statement: ${cause.message}`, { cause })
  })
  // Several statements in one text have several answers, which the types do not know.
  return ([answer].flat() as pg.QueryArrayResult<(string | null)[]>[]).flatMap(
    ({ fields, rows, command, rowCount }) => {
      if (fields.length === 0) return [rowCount === null ? command : `${command} ${rowCount}`]
      const cells = [fields.map(({ name }) => name), ...rows.map((row) => row.map((cell) => cell ?? ''))]
      return [...table(cells, fields.length), `(${rows.length} ${rows.length === 1 ? 'row' : 'rows'})`]
    },
  )
}
