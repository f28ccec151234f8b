import { glob, readdir, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { TitianError } from '../../domain/error.ts'
import { typeOfName } from '../../intake/uploads/file-type.ts'

const PATTERN = /[*?[\]{}]/

/**
 * The files that arguments name: files as they are, of a folder those whose names say what they hold, and what a pattern finds where
 * the shell has not looked. Each once, in order of names. Throws `not-found` for a folder or a pattern without any.
 */
export async function filesNamed(args: readonly string[]): Promise<string[]> {
  const found: string[] = []
  for (const arg of args) {
    const kind = await stat(arg).catch(() => undefined)
    if (kind?.isDirectory()) found.push(...(await inFolder(arg)))
    else if (kind === undefined && PATTERN.test(arg)) found.push(...(await byPattern(arg)))
    else found.push(arg)
  }
  return [...new Set(found)]
}

async function inFolder(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { withFileTypes: true })
  const names = entries
    .filter((entry) => entry.isFile() && typeOfName(entry.name) !== undefined)
    .map(({ name }) => name)
  if (names.length === 0) throw new TitianError('not-found', `${folder} holds no file that can be pushed`)
  return names.toSorted().map((name) => join(folder, name))
}

async function byPattern(pattern: string): Promise<string[]> {
  const found: string[] = []
  for await (const path of glob(pattern)) found.push(path)
  if (found.length === 0) throw new TitianError('not-found', `no file is named like ${pattern}`)
  return found.toSorted()
}
