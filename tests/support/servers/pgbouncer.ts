import { execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { chmod, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe } from 'vitest'
import { freePort, isPortFree } from '../../../src/io/local/port.ts'
import { until } from '../running.ts'

const HAS_PGBOUNCER = process.env.TITIAN_NO_SKIP === '1' || hasPgbouncer()

/** A suite that is reported as skipped, by name, where no pgbouncer is on the PATH. */
export const describeWithPgbouncer = describe.skipIf(!HAS_PGBOUNCER)

function hasPgbouncer(): boolean {
  try {
    execFileSync('pgbouncer', ['--version'], { stdio: 'ignore' })
    return true
  } catch {
    return false
  }
}

/** PgBouncer in transaction mode, as deploy/ sets it up, before the databases of some addresses; it gives their other addresses. */
export async function startPgbouncer(urls: readonly string[]) {
  const data = await mkdtemp(join(tmpdir(), 'titian-pgbouncer-'))
  const port = await freePort()
  const databases = urls.map((url) => {
    const { hostname, port, username, password, pathname } = new URL(url)
    return `${pathname.slice(1)} = host=${hostname} port=${port} user=${username} password=${password}`
  })
  const given = await readFile(join(import.meta.dirname, '../../../deploy/pgbouncer/pgbouncer.ini'), 'utf8')
  const [, rest = ''] = given.split('[pgbouncer]')
  const settings = rest
    .replace(/^listen_port = .*/m, `listen_port = ${port}`)
    .replace(/^auth_type = .*\n/m, 'auth_type = any\n')
    .replace(/^auth_file = .*\n/m, '')
  const file = join(data, 'pgbouncer.ini')
  await writeFile(file, `[databases]\n${databases.join('\n')}\n[pgbouncer]\nunix_socket_dir =\n${settings}`)
  await chmod(data, 0o755)
  // It refuses to run as root.
  const user = process.getuid?.() === 0 ? ['-u', 'postgres'] : []
  const child = spawn('pgbouncer', [...user, file], { stdio: ['ignore', 'ignore', 'pipe'] })
  let said = ''
  child.stderr.on('data', (piece) => {
    said += piece.toString()
  })
  await until(async () => !(await isPortFree(port)) || child.exitCode !== null)
  return {
    urls: urls.map((url) => {
      const pooled = new URL(url)
      pooled.host = `127.0.0.1:${port}`
      return pooled.href
    }),
    said: () => said,
    async [Symbol.asyncDispose]() {
      const ended = once(child, 'exit')
      if (child.exitCode === null && child.kill('SIGINT')) await ended
      await rm(data, { recursive: true, force: true })
    },
  }
}
