import { mkdir, realpath } from 'node:fs/promises'
import { basename, dirname, join, resolve, sep } from 'node:path'
import { TitianError } from '../../domain/error.ts'
import { type Master, writeKeyRing } from '../../trust/keys/keyring.file.ts'
import type { KeyRing } from '../../trust/keys/keyring.ts'

/** Refuses a folder for keys that lies in the backup or holds it: who finds both could read everything. */
export async function requireApart(backup: string, keys: string): Promise<void> {
  const [one, other] = [await realPath(backup), await realPath(keys)]
  const isWithin = (inner: string, outer: string) => inner === outer || inner.startsWith(`${outer}${sep}`)
  if (isWithin(one, other) || isWithin(other, one))
    throw new TitianError(
      'bad-request',
      `keys are kept apart from what they open: ${keys} and ${backup} lie in one another, name another place, best on another machine`,
    )
}

/** Writes a ring beside earlier ones, named by the moment, under the master key that it is under in use; returns where. */
export async function keepKeys(
  folder: string,
  ring: KeyRing,
  { at, master }: { at: Date; master: Master | undefined },
): Promise<string> {
  await mkdir(folder, { recursive: true, mode: 0o700 })
  const file = join(folder, `keys-${at.toISOString().replaceAll(/[-:]|\.\d+/g, '')}.json`)
  await writeKeyRing(file, ring, master)
  return file
}

/** The real place of a path, of which the end need not be there yet. */
async function realPath(path: string): Promise<string> {
  const full = resolve(path)
  if (full === dirname(full)) return full
  return realpath(full).catch(async () => join(await realPath(dirname(full)), basename(full)))
}
