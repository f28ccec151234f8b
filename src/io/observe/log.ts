import { type Logger, pino } from 'pino'
import { openLines } from './line-file.ts'

/** Where we say what happened: ids, codes, counts and milliseconds, never a value of a record. */
export type Log = Logger

/** JSON lines to a file or to standard error; `source` tells the processes of one installation apart. */
export function openLog(options: { LOG_LEVEL: string; LOG_FILE?: string | undefined }, source: string): Log {
  return pino(
    {
      level: options.LOG_LEVEL,
      base: { source, pid: process.pid },
      timestamp: pino.stdTimeFunctions.isoTime,
      // An error's message and stack may quote what was sent; its name and code cannot.
      serializers: { err: ({ name, code }: Error & { code?: string }) => ({ name, code }) },
    },
    // Pino's own file ends the process when its disk is full.
    openLines(options.LOG_FILE ?? 2),
  )
}
