import type pg from 'pg'

/** What every command is given; nothing below `main.ts` reads the process's own. */
export type CliContext = {
  env: Readonly<Record<string, string | undefined>>
  /** Results: standard output, one line. */
  out(line: string): void
  /** Everything that is said beside the result: standard error, one line. */
  err(line: string): void
  /** Whether a person watches: progress bars only then. */
  interactive: boolean
  /** Whether results may be coloured; absent: no. */
  colour?: boolean
  /** Where a local `titian up` keeps everything, unless `--data` says otherwise. */
  dataDir: string
  /** Aborted by Ctrl-C, by SIGTERM, and when the process that started this one is gone. */
  signal: AbortSignal
  /** Ends the process with this code when the command is through; a thrown TitianError ends it with 1 by itself. */
  exit(code: number): void
  /** The gateway's database: DATABASE_URL, or that of a running `titian up` on the data folder. The caller ends it. */
  openDatabase(dataDir?: string): Promise<pg.Pool>
}
