import { randomBytes } from 'node:crypto'
import { readFileSync, type Stats } from 'node:fs'
import { type FileHandle, link, mkdir, open, rename, rm } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { TitianError } from '../../domain/error.ts'
import { type KeyRing, parseKeyRing } from './keyring.ts'

/** Where the ring lies unless KEYS_FILE says otherwise. */
export function keyRingFile(dataDir: string): string {
  return join(dataDir, 'keys.json')
}

/** The ring of a process: from the value of KEYS, else from the file KEYS_FILE, else from the data folder. */
export async function loadKeyRing(settings: { KEYS?: string; KEYS_FILE?: string }, dataDir: string): Promise<KeyRing> {
  if (settings.KEYS !== undefined && settings.KEYS_FILE !== undefined)
    throw new TitianError('key-ring-invalid', 'KEYS and KEYS_FILE are both set: which is it?')
  if (settings.KEYS !== undefined) return parseKeyRing(settings.KEYS, 'in KEYS')
  return readKeyRing(settings.KEYS_FILE ?? keyRingFile(dataDir))
}

/** Reads a key ring file; refused with one line when it is missing, unreadable, malformed or open to other users. */
export async function readKeyRing(path: string): Promise<KeyRing> {
  let file: FileHandle
  try {
    file = await open(path, 'r')
  } catch (cause) {
    const missing = (cause as NodeJS.ErrnoException).code === 'ENOENT'
    throw new TitianError(
      'key-ring-invalid',
      missing ? `no key ring at ${path}: run titian keys init` : `the key ring ${path} cannot be read`,
      { cause },
    )
  }
  await using handle = file
  const stat = await handle.stat()
  if (!stat.isFile()) throw new TitianError('key-ring-invalid', `the key ring ${path} is not a file`)
  const fault = rightsFault(stat)
  if (fault !== undefined) throw new TitianError('key-ring-invalid', `the key ring ${path} ${fault}`)
  return parseKeyRing(await handle.readFile('utf8'), path)
}

/**
 * What is wrong with who may read or change a ring: nobody but its owner, and a group of ours may read it, as secrets are
 * mounted for a process that is not root (`0440`, `fsGroup`).
 */
export function rightsFault({ mode, gid }: Pick<Stats, 'mode' | 'gid'>): string | undefined {
  // Windows has no such bits and reports them as set.
  if (process.platform === 'win32') return undefined
  const help = 'chmod 600 it, give it to a group of this process with mode 440, or pass its content in KEYS'
  if ((mode & 0o007) !== 0) return `is open to other users: ${help}`
  if ((mode & 0o030) !== 0) return `can be changed or run by its group: ${help}`
  const groups = [process.getegid?.() ?? -1, ...(process.getgroups?.() ?? [])]
  if ((mode & 0o040) !== 0 && !groups.includes(gid))
    return `is open to group ${gid}, which this process is not in: ${help}`
  return undefined
}

/**
 * Brings a ring of a process up to date with where it came from, in place, so that all who hold it sign and verify with it; a
 * ring in KEYS cannot change, and a file that cannot be read at this moment leaves it as it is.
 */
export function reloadKeyRing(
  ring: KeyRing,
  settings: { KEYS?: string; KEYS_FILE?: string },
  dataDir: string,
): KeyRing {
  if (settings.KEYS !== undefined) return ring
  const path = settings.KEYS_FILE ?? keyRingFile(dataDir)
  try {
    return Object.assign(ring, parseKeyRing(readFileSync(path, 'utf8'), path))
  } catch {
    return ring
  }
}

/** Stores the first key ring of an installation; refuses to touch a file that exists, even one made at this moment. */
export async function writeNewKeyRing(path: string, ring: KeyRing): Promise<void> {
  await store(path, ring, async (draft) => {
    try {
      await link(draft, path)
    } catch (cause) {
      if ((cause as NodeJS.ErrnoException).code !== 'EEXIST') throw cause
      throw new TitianError('key-ring-invalid', `a key ring exists at ${path}; it is never overwritten`, { cause })
    }
    await rm(draft)
  })
}

/** Replaces a key ring file at once: whoever reads it sees the old ring or the new one, also after a crash. */
export async function writeKeyRing(path: string, ring: KeyRing): Promise<void> {
  await store(path, ring, (draft) => rename(draft, path))
}

async function store(path: string, ring: KeyRing, publish: (draft: string) => Promise<void>): Promise<void> {
  await mkdir(dirname(path), { recursive: true, mode: 0o700 })
  const draft = `${path}.${randomBytes(6).toString('hex')}`
  try {
    await using file = await open(draft, 'wx', 0o600)
    await file.writeFile(`${JSON.stringify(ring, null, 2)}\n`)
    await file.sync()
    await publish(draft)
  } catch (cause) {
    await rm(draft, { force: true })
    throw cause
  }
  await syncFolder(dirname(path))
}

/** A rename is on the disk only when its folder is. */
async function syncFolder(path: string): Promise<void> {
  if (process.platform === 'win32') return
  await using folder = await open(path, 'r')
  await folder.sync()
}
