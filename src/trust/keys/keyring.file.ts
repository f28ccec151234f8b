import { randomBytes } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { type FileHandle, link, mkdir, open, rename, rm } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { TitianError } from '../../domain/error.ts'
import { type KeyRing, parseKeyRing } from './keyring.ts'
import { rightsFault } from './rights.ts'
import { type MasterName, type TokenSettings, withToken } from './token.file.ts'
import { unwrapRing, wrappedRingIn, wrapRing } from './wrapped.ts'

/** Where a ring comes from, and how the token is reached that it may be under. */
export type KeySettings = { KEYS?: string; KEYS_FILE?: string } & TokenSettings
/** The master key that a ring is written under. */
export type Master = { name: MasterName; settings: TokenSettings }

/** Of all settings those that say where the ring comes from. */
export function keySettingsOf(env: Readonly<Partial<Record<keyof KeySettings, string | undefined>>>): KeySettings {
  const { KEYS, KEYS_FILE, KEYS_PKCS11_MODULE, KEYS_PKCS11_PIN_FILE } = env
  return {
    ...(KEYS && { KEYS }),
    ...(KEYS_FILE && { KEYS_FILE }),
    ...(KEYS_PKCS11_MODULE && { KEYS_PKCS11_MODULE }),
    ...(KEYS_PKCS11_PIN_FILE && { KEYS_PKCS11_PIN_FILE }),
  }
}

/** Where the ring lies unless KEYS_FILE says otherwise. */
export function keyRingFile(dataDir: string): string {
  return join(dataDir, 'keys.json')
}

/** The ring of a process: from the value of KEYS, else from the file KEYS_FILE, else from the data folder. */
export async function loadKeyRing(settings: KeySettings, dataDir: string): Promise<KeyRing> {
  if (settings.KEYS !== undefined && settings.KEYS_FILE !== undefined)
    throw new TitianError('key-ring-invalid', 'KEYS and KEYS_FILE are both set: which is it?')
  if (settings.KEYS !== undefined) return ringIn(settings.KEYS, 'in KEYS', settings)
  return readKeyRing(settings.KEYS_FILE ?? keyRingFile(dataDir), settings)
}

/** Reads a key ring file; refused with one line when it is missing, unreadable, malformed, open to other users, or its token is away. */
export async function readKeyRing(path: string, token: TokenSettings = {}): Promise<KeyRing> {
  return ringIn(await readRingText(path), path, token)
}

/** The master key that a ring file is under, for whoever writes it again; undefined where it is under none. */
export async function masterOf(path: string, settings: TokenSettings): Promise<Master | undefined> {
  return masterIn(await readRingText(path), settings)
}

/** The same of the ring that a process uses. */
export async function masterInUse(settings: KeySettings, dataDir: string): Promise<Master | undefined> {
  const { KEYS, KEYS_FILE } = settings
  return KEYS === undefined ? masterOf(KEYS_FILE ?? keyRingFile(dataDir), settings) : masterIn(KEYS, settings)
}

function masterIn(text: string, settings: TokenSettings): Master | undefined {
  const found = wrappedRingIn(text)
  return found && { name: { token: found.wrapped.token, label: found.wrapped.label }, settings }
}

/** The ring that a text holds, or that the token opens from it. */
function ringIn(text: string, source: string, settings: TokenSettings): KeyRing {
  const found = wrappedRingIn(text)
  if (found === undefined) return parseKeyRing(text, source)
  const opened = withToken(found.wrapped, settings, (token) => unwrapRing(found, token.unwrap))
  return parseKeyRing(opened, source)
}

async function readRingText(path: string): Promise<string> {
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
  return handle.readFile('utf8')
}

/**
 * Brings a ring of a process up to date with where it came from, in place, so that all who hold it sign and verify with it; a
 * ring in KEYS cannot change, and a file or a token that cannot be read at this moment leaves it as it is. `seen` is the text of the file
 * when it was read last: a token is asked only for what is new.
 */
export function reloadKeyRing(
  ring: KeyRing,
  settings: KeySettings,
  dataDir: string,
  seen: { text: string } = { text: '' },
): KeyRing {
  if (settings.KEYS !== undefined) return ring
  const path = settings.KEYS_FILE ?? keyRingFile(dataDir)
  try {
    const text = readFileSync(path, 'utf8')
    if (text === seen.text) return ring
    Object.assign(ring, ringIn(text, path, settings))
    seen.text = text
  } catch {
    // Asked again.
  }
  return ring
}

/** Stores the first key ring of an installation; refuses to touch a file that exists, even one made at this moment. */
export async function writeNewKeyRing(path: string, ring: KeyRing, master?: Master): Promise<void> {
  await store(path, ring, master, async (draft) => {
    try {
      await link(draft, path)
    } catch (cause) {
      if ((cause as NodeJS.ErrnoException).code !== 'EEXIST') throw cause
      throw new TitianError('key-ring-invalid', `a key ring exists at ${path}; it is never overwritten`, { cause })
    }
    await rm(draft)
  })
}

/** Replaces a key ring file at once, under a master key if one is named: whoever reads it sees the old ring or the new one, also after a crash. */
export async function writeKeyRing(path: string, ring: KeyRing, master?: Master): Promise<void> {
  await store(path, ring, master, (draft) => rename(draft, path))
}

async function store(
  path: string,
  ring: KeyRing,
  master: Master | undefined,
  publish: (draft: string) => Promise<void>,
): Promise<void> {
  const kept = master
    ? withToken(master.name, master.settings, (token) => wrapRing(ring, master.name, token.wrap))
    : ring
  await mkdir(dirname(path), { recursive: true, mode: 0o700 })
  const draft = `${path}.${randomBytes(6).toString('hex')}`
  try {
    await using file = await open(draft, 'wx', 0o600)
    await file.writeFile(`${JSON.stringify(kept, null, 2)}\n`)
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
