import { execFile } from 'node:child_process'
import { stat } from 'node:fs/promises'
import { dirname } from 'node:path'
import { promisify } from 'node:util'
import { TitianError } from '../../domain/error.ts'

const run = promisify(execFile)

/** Under which account PostgreSQL runs, and how a command must be prefixed so that it reaches its files. */
export type Account = {
  /** The owner its files must have; absent when it is the account of this process. */
  uid?: number
  gid?: number
  /** The command that changes the account; empty when the plain change by uid and gid is enough. */
  prefix: readonly string[]
}

/** The account of this process; or, for root, whom PostgreSQL refuses to serve, the account `postgres`, made when missing. */
export async function postgresAccount(paths: readonly string[]): Promise<Account> {
  if (process.getuid?.() !== 0) return { prefix: [] }
  const { uid, gid } = await lookUp().catch(create)
  const reachable = await Promise.all(paths.map((path) => isReachable(path, uid, gid)))
  if (reachable.every(Boolean)) return { uid, gid, prefix: [] }
  for (const right of SEARCH_RIGHTS) {
    const prefix = withRight(right, uid, gid)
    const [command = '', ...rest] = prefix
    const works = await Promise.all(paths.map((path) => run(command, [...rest, 'test', '-x', path]))).catch(() => null)
    if (works) return { uid, gid, prefix }
  }
  const message = `account postgres cannot reach ${paths.join(' and ')}: use a folder open to others, or start as an ordinary user`
  throw new TitianError('config-invalid', message)
}

// The narrow right first; a container with Docker's default rights has only the wide one.
const SEARCH_RIGHTS = ['dac_read_search', 'dac_override']

/**
 * Folders made by `mktemp -d`, and what is cloned into them, are closed to other accounts: one right is kept over the
 * change of account. The secure bit makes access(2), which initdb asks, honour it.
 */
function withRight(right: string, uid: number, gid: number): string[] {
  const keep = [`--inh-caps=-all,+${right}`, `--ambient-caps=+${right}`, '--securebits=+no_setuid_fixup']
  return ['setpriv', `--reuid=${uid}`, `--regid=${gid}`, '--clear-groups', ...keep]
}

async function lookUp(): Promise<{ uid: number; gid: number }> {
  const [uid, gid] = await Promise.all([run('id', ['-u', 'postgres']), run('id', ['-g', 'postgres'])])
  return { uid: Number(uid.stdout), gid: Number(gid.stdout) }
}

async function create(): Promise<{ uid: number; gid: number }> {
  await run('useradd', ['--system', '--user-group', '--no-create-home', 'postgres'])
  return lookUp()
}

async function isReachable(path: string, uid: number, gid: number): Promise<boolean> {
  const { mode, uid: owner, gid: group } = await stat(path)
  const search = owner === uid ? 0o100 : group === gid ? 0o010 : 0o001
  if ((mode & search) === 0) return false
  return path === dirname(path) || isReachable(dirname(path), uid, gid)
}
