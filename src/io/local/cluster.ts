import { execFile } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { chown, mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { TitianError } from '../../domain/error.ts'
import { ROLES, type Role } from '../postgres/roles.sql.ts'
import type { Account } from './account.ts'

const run = promisify(execFile)

/** What the embedded server remembers between starts; it lies beside the cluster, readable by its owner only. */
export type ServerMemory = { port: number; passwords: Record<Role, string> }

/** Reads `<data>/postgres.json`, or draws fresh passwords when there is none. */
export async function readMemory(file: string): Promise<ServerMemory> {
  const text = await readFile(file, 'utf8').catch(() => undefined)
  if (text !== undefined) return JSON.parse(text) as ServerMemory
  const passwords = Object.fromEntries(ROLES.map((role) => [role, randomBytes(24).toString('base64url')]))
  return { port: 0, passwords: passwords as Record<Role, string> }
}

export async function writeMemory(file: string, memory: ServerMemory): Promise<void> {
  await writeFile(`${file}.new`, `${JSON.stringify(memory, null, 2)}\n`, { mode: 0o600 })
  await rename(`${file}.new`, file)
}

/**
 * Makes the cluster beside its place and moves it there when it is whole, so that a kill in the middle leaves none.
 * Encoding and locale are stated: without them initdb takes SQL_ASCII from a bare environment.
 */
export async function makeCluster(cluster: string, program: string, account: Account, password: string): Promise<void> {
  const draft = `${cluster}.new`
  const passwordFile = `${cluster}.password`
  await rm(draft, { recursive: true, force: true })
  await mkdir(draft, { mode: 0o700 })
  await writeFile(passwordFile, password, { mode: 0o600 })
  if (account.uid !== undefined && account.gid !== undefined) {
    await chown(draft, account.uid, account.gid)
    await chown(passwordFile, account.uid, account.gid)
  }
  const flags = ['--encoding=UTF8', '--locale=C', '--auth=scram-sha-256', '--username=postgres', '--data-checksums']
  const [command = '', ...rest] = [...account.prefix, program, '-D', draft, `--pwfile=${passwordFile}`, ...flags]
  try {
    await run(command, rest, { cwd: '/', ...(account.prefix.length > 0 ? {} : account) })
    await rename(draft, cluster)
  } catch (cause) {
    const said = (cause as { stderr?: string }).stderr?.trim().split('\n').at(-1) ?? 'initdb was ended'
    throw new TitianError('server-unsafe', `PostgreSQL could not make its data folder ${cluster}: ${said}`, { cause })
  } finally {
    await rm(passwordFile, { force: true })
  }
}

/** Where everything of the embedded server lies under a data folder. */
export function serverPaths(data: string) {
  return {
    cluster: join(data, 'postgres'),
    pid: join(data, 'postgres', 'postmaster.pid'),
    memory: join(data, 'postgres.json'),
    log: join(data, 'log', 'postgres.log'),
  }
}
