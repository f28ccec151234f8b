import type { Command } from 'commander'
import type pg from 'pg'
import type { CliContext } from '../../src/cli/context.ts'
import { buildProgram } from '../../src/cli/program.ts'
import { TitianError } from '../../src/domain/error.ts'

export type Said = { out: string[]; err: string[]; code: number }

/** Runs `titian` with these arguments in this process, and answers what it said and its exit code. */
export async function titian(
  args: readonly string[],
  env: CliContext['env'] = {},
  openDatabase: () => Promise<pg.Pool> = () => Promise.reject(new Error('no database here')),
): Promise<Said> {
  const said: Said = { out: [], err: [], code: 0 }
  const program = buildProgram({
    env,
    out: (line) => said.out.push(line),
    err: (line) => said.err.push(line),
    interactive: false,
    dataDir: env.TITIAN_DATA ?? '/nowhere',
    signal: new AbortController().signal,
    exit: (code) => {
      said.code = code
    },
    openDatabase,
  })
  quiet(program)
  try {
    await program.parseAsync(args, { from: 'user' })
  } catch (error) {
    if (!(error instanceof TitianError)) throw error
    said.err.push(`titian: ${error.message}`)
    said.code = 1
  }
  return said
}

/** Usage errors are thrown instead of ending the process. */
function quiet(command: Command): void {
  command.exitOverride().configureOutput({ writeErr: () => undefined, writeOut: () => undefined })
  for (const sub of command.commands) quiet(sub)
}
