import { execFile } from 'node:child_process'
import { mkdir } from 'node:fs/promises'
import { createConnection } from 'node:net'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { promisify } from 'node:util'
import { TitianError } from '../../domain/error.ts'
import { endOrphan } from './orphan.ts'
import { type Guarded, startGuarded } from './supervised.ts'

const START_MS = 15_000

/** Refuses with one line when there is no `redis-server` on the PATH. */
export async function requireRedisServer(): Promise<void> {
  await promisify(execFile)('redis-server', ['--version']).catch((cause) => {
    const message = 'there is no redis-server on the PATH: install it, set REDIS_URL, or use --queue postgres'
    throw new TitianError('config-invalid', message, { cause })
  })
}

/** A Redis of our own in `<data>/redis`, from the `redis-server` on the PATH: append-only file on, nothing evicted. */
export async function startRedis(data: string, port: number): Promise<Guarded & { url: string }> {
  await requireRedisServer()
  const folder = join(data, 'redis')
  await mkdir(folder, { recursive: true, mode: 0o700 })
  const pidfile = join(folder, 'redis.pid')
  await endOrphan(pidfile, 'redis-server')
  await mkdir(join(data, 'log'), { recursive: true, mode: 0o700 })
  const settings = {
    bind: '127.0.0.1',
    port,
    dir: folder,
    appendonly: 'yes',
    'maxmemory-policy': 'noeviction',
    save: '',
  }
  const flags = Object.entries(settings).flatMap(([name, value]) => [`--${name}`, String(value)])
  const server = startGuarded({
    command: ['redis-server', ...flags],
    signal: 'TERM',
    logFile: join(data, 'log', 'redis.log'),
  })
  for (const until = performance.now() + START_MS; performance.now() < until; await delay(20)) {
    if (await answers(port)) return { ...server, url: `redis://127.0.0.1:${port}` }
  }
  await server.stop()
  const log = join(data, 'log', 'redis.log')
  throw new TitianError(
    'server-unsafe',
    `redis-server did not answer PING within ${START_MS / 1000} s; ${log} says why`,
  )
}

/** Redis answers before it has read its file back: only PONG means ready. */
function answers(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = createConnection(port, '127.0.0.1', () => socket.write('PING\r\n'))
    socket.once('data', (answer) => {
      socket.destroy()
      resolve(answer.toString().startsWith('+PONG'))
    })
    socket.once('error', () => resolve(false))
  })
}
