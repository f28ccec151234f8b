import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { readFile, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { TitianError } from '../../domain/error.ts'
import { BASE_MANIFEST, type BackupManifest, MANIFEST, parseManifest, SUMS, tableFile } from './manifest.ts'

const LINE = /^([0-9a-f]{64}) {2}(\S+)$/

/** SHA-256 of files by their names, as `sha256sum -c` reads them. */
export function sumsText(sums: ReadonlyMap<string, string>): string {
  return [...sums].map(([name, sum]) => `${sum}  ${name}\n`).join('')
}

/** Reads the manifest of a backup and every byte of its files. Throws one sentence about a backup that is not whole. */
export async function readWholeBackup(folder: string): Promise<BackupManifest> {
  if (!(await stat(folder).catch(() => undefined))?.isDirectory())
    throw new TitianError('bad-request', `there is no backup at ${folder}: no such folder`)
  const sums = await readSums(folder)
  if (sums.has(BASE_MANIFEST))
    throw new TitianError(
      'bad-request',
      `${folder} is a base backup: say with --to which moment it is to be brought to (latest is the end of the archive)`,
    )
  await requireSum(folder, MANIFEST, sums)
  const manifest = parseManifest(await readFile(join(folder, MANIFEST), 'utf8'))
  if (manifest === undefined)
    throw new TitianError('bad-request', `${folder}/${MANIFEST} is not of a form that this version reads`)
  for (const { name } of manifest.tables) await requireSum(folder, tableFile(name), sums)
  return manifest
}

/** The sums of the files of a backup, by their names. */
export async function readSums(folder: string): Promise<Map<string, string>> {
  const text = await readFile(join(folder, SUMS), 'utf8').catch(() => undefined)
  if (text === undefined)
    throw new TitianError('bad-request', `${folder} is no whole backup: ${SUMS}, which is written last, is missing`)
  const sums = new Map<string, string>()
  for (const line of text.split('\n').slice(0, -1)) {
    const [, sum = '', name = ''] = LINE.exec(line) ?? []
    sums.set(name, sum)
  }
  return sums
}

/** Compares a file of a backup with its sum. */
export async function requireSum(folder: string, name: string, sums: ReadonlyMap<string, string>): Promise<void> {
  const digest = createHash('sha256')
  try {
    for await (const piece of createReadStream(join(folder, name))) digest.update(piece as Buffer)
  } catch (cause) {
    throw new TitianError('bad-request', `the backup ${folder} is not whole: ${name} cannot be read`, { cause })
  }
  if (digest.digest('hex') !== sums.get(name))
    throw new TitianError('bad-request', `the backup ${folder} was altered or damaged: ${name} has another SHA-256`)
}
