import { mkdirSync, openSync, writeSync } from 'node:fs'
import { dirname } from 'node:path'
import { TitianError } from '../../domain/error.ts'
import { systemReason } from '../system-error.ts'

/** Somewhere that lines go to, one at a time. */
export type Lines = { write(line: string): void }

// A disk that is full or failing today has room tomorrow; a folder that is closed to us stays closed.
const PASSING = new Set(['ENOSPC', 'EDQUOT', 'EIO', 'EMFILE', 'ENFILE', 'EAGAIN', 'EBUSY', 'ENOMEM'])

/**
 * Appends lines to a file, made when missing, or to an open descriptor. A line that cannot be written is lost and counted,
 * and the count is written when there is room again. Throws `config-invalid` when the file can never be opened.
 */
export function openLines(target: string | number): Lines {
  let file = typeof target === 'number' ? target : undefined
  let lost = 0
  const reopen = (path: string) => {
    mkdirSync(dirname(path), { recursive: true })
    return openSync(path, 'a', 0o600)
  }
  try {
    if (typeof target === 'string') file = reopen(target)
  } catch (cause) {
    if (!PASSING.has((cause as NodeJS.ErrnoException).code ?? ''))
      throw new TitianError('config-invalid', `the log ${target} cannot be written: ${systemReason(cause)}`, { cause })
  }
  return {
    write(line) {
      try {
        file ??= reopen(target as string)
        // What was lost may have ended in the middle of a line.
        if (lost > 0) writeWhole(file, `\n${JSON.stringify({ level: 40, time: new Date().toISOString(), lost })}\n`)
        lost = 0
        writeWhole(file, line)
      } catch {
        lost += 1
      }
    },
  }
}

function writeWhole(file: number, text: string): void {
  const bytes = Buffer.from(text)
  for (let at = 0; at < bytes.length; ) at += writeSync(file, bytes, at)
}
