import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { freePort } from '../../../src/io/local/port.ts'
import { openRedis } from '../../../src/io/redis.ts'
import { until } from '../running.ts'

type Server = { port: number; kill(): Promise<void>; call(line: string): Promise<unknown> }

/** Several Redis servers of a test's own, each with the lines of its configuration; all are gone when it is disposed of. */
export async function redisServers(...configurations: ((ports: readonly number[]) => string[])[]) {
  const data = await mkdtemp(join(tmpdir(), 'titian-redis-'))
  const ports = await Promise.all(configurations.map(() => freePort()))
  const children: ChildProcess[] = []
  const servers: Server[] = []
  for (const [at, linesOf] of configurations.entries()) {
    const port = ports[at] ?? 0
    const folder = join(data, String(port))
    await mkdir(folder)
    const file = join(folder, 'redis.conf')
    const lines = [`port ${port}`, 'bind 127.0.0.1', `dir ${folder}`, 'save ""', ...linesOf(ports)]
    await writeFile(file, `${lines.join('\n')}\n`)
    const sentinel = lines.some((line) => line.startsWith('sentinel ')) ? ['--sentinel'] : []
    const child = spawn('redis-server', [file, ...sentinel], { stdio: 'ignore' })
    children.push(child)
    const call = async (line: string) => {
      const redis = openRedis({ url: `redis://127.0.0.1:${port}` })
      const [name = '', ...args] = line.split(' ')
      return redis.call(name, ...args).finally(() => redis.disconnect())
    }
    servers.push({ port, call, kill: () => end(child) })
    await until(() => call('PING').then(Boolean, () => false))
  }
  return {
    servers,
    async [Symbol.asyncDispose]() {
      await Promise.all(children.map(end))
      await rm(data, { recursive: true, force: true })
    },
  }
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return
  const exited = once(child, 'exit')
  child.kill('SIGKILL')
  await exited
}

/** What a Redis of queues keeps: everything. */
export const KEEPING = ['appendonly yes', 'maxmemory-policy noeviction'] as const
