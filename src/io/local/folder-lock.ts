import { mkdir, readFile, rename, writeFile } from 'node:fs/promises'
import { hostname } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { TitianError } from '../../domain/error.ts'
import { systemReason } from '../system-error.ts'

/** Who has a data folder, as its lock file says. */
type Holder = { pid: number; host: string; since: string }

// SQLite's code for "somebody else has the lock".
const BUSY = 5

/**
 * Makes a data folder ours until released or until this process ends in any way; refused while another process has it, and
 * says who. The lock is the kernel's, on a file in the folder: every way to the folder (bind mount, container) meets it,
 * and it cannot outlive its owner. Node has no file locks of its own, SQLite takes them.
 */
export async function lockFolder(folder: string): Promise<AsyncDisposable> {
  const holderFile = join(folder, 'lock.json')
  let lock: DatabaseSync | undefined
  try {
    await mkdir(folder, { recursive: true, mode: 0o755 })
    lock = new DatabaseSync(join(folder, 'lock.db'))
    // Nothing is ever written: the file stays empty, so that a full disk does not hinder a start.
    lock.exec('pragma locking_mode = exclusive; pragma journal_mode = memory; begin exclusive')
  } catch (cause) {
    lock?.close()
    if ((cause as { errcode?: number }).errcode === BUSY)
      throw new TitianError('server-unsafe', taken(folder, await readHolder(holderFile)), { cause })
    throw new TitianError('config-invalid', `the data folder ${folder} cannot be used: ${reasonOf(cause)}`, { cause })
  }
  const held = lock
  await noteHolder(holderFile)
  return {
    async [Symbol.asyncDispose]() {
      held.close()
    },
  }
}

function taken(folder: string, holder: Holder | undefined): string {
  const who = holder === undefined ? '' : ` (process ${holder.pid} on ${holder.host}, since ${holder.since})`
  return `another titian runs on ${folder}${who}: stop it, or name another folder with --data`
}

function reasonOf(cause: unknown): string {
  return systemReason(cause) ?? (cause instanceof Error ? cause.message : 'it cannot be locked')
}

async function readHolder(file: string): Promise<Holder | undefined> {
  const text = await readFile(file, 'utf8').catch(() => '')
  try {
    return JSON.parse(text) as Holder
  } catch {
    return undefined
  }
}

/** Who we are, for the sentence that refuses others; a full disk leaves them without our name. */
async function noteHolder(file: string): Promise<void> {
  const holder: Holder = { pid: process.pid, host: hostname(), since: new Date().toISOString() }
  const draft = `${file}.new`
  await writeFile(draft, `${JSON.stringify(holder)}\n`, { mode: 0o644 })
    .then(() => rename(draft, file))
    .catch(() => undefined)
}
