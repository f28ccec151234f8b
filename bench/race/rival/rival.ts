import { type ChildProcess, fork } from 'node:child_process'
import { EventEmitter, once } from 'node:events'
import { openAsBlob } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { startEmbedded } from '../../../src/io/local/embedded.ts'
import { freePort } from '../../../src/io/local/port.ts'
import { startRedis } from '../../../src/io/local/redis-server.ts'
import { withClient } from '../../../src/io/postgres/postgres.ts'
import { openRedis } from '../../../src/io/redis.ts'
import { ownSeconds, serverSeconds } from '../../cpu.ts'
import { prepareQueue } from './queue.ts'
import { ARRIVALS, TABLES } from './tables.ts'

/** What a team would build instead, with one gateway, two workers and a receiver; gone when it is disposed of. */
export type Rival = AsyncDisposable & {
  /** The receiver's own database. */
  receiverUrl: string
  /** Pushes families; settles when every job is done, with the seconds that it took. */
  push(file: string, batch: string, count: number): Promise<number>
  /** CPU seconds of all parts since their start. */
  cpuSeconds(): Promise<number>
}

const WORKERS = 2

type Message = { url?: string; done?: number; failed?: string }

/** Starts the rival on one of BullMQ's back ends, on a PostgreSQL of its own with the settings that Titian's has. */
export async function startRival(queue: 'postgres' | 'redis'): Promise<Rival> {
  await using stack = new AsyncDisposableStack()
  const data = await mkdtemp(join(tmpdir(), 'titian-rival-'))
  stack.defer(() => rm(data, { recursive: true, force: true }))
  const server = await startEmbedded(data)
  stack.defer(() => server.stop())
  const databaseUrl = server.urlFor('titian_owner', 'titian')
  const receiverUrl = server.urlFor('receiver', 'receiver')
  await withClient(databaseUrl, (client) => client.query(TABLES))
  await withClient(receiverUrl, (client) => client.query(ARRIVALS))
  const redis = queue === 'redis' ? await startDurableRedis(data, stack) : undefined
  const redisArgument = redis === undefined ? [] : [redis.url]
  if (redis === undefined) await prepareQueue({ databaseUrl, redisUrl: undefined })

  const children: ChildProcess[] = []
  const heard = { done: 0, failed: undefined as string | undefined, news: new EventEmitter() }
  const start = async (name: string, args: readonly string[]): Promise<string> => {
    const child = fork(join(import.meta.dirname, `${name}.ts`), args)
    children.push(child)
    stack.defer(() => stop(child))
    child.on('message', ({ done = 0, failed }: Message) => {
      heard.done += done
      heard.failed ??= failed
      heard.news.emit('news')
    })
    child.once('exit', () => {
      heard.failed ??= `the ${name} has ended`
      heard.news.emit('news')
    })
    const [{ url = '' }] = (await once(child, 'message')) as [Message]
    return url
  }
  const receiver = await start('receiver', [receiverUrl])
  for (let i = 0; i < WORKERS; i++) await start('worker', [databaseUrl, receiver, ...redisArgument])
  const gateway = await start('gateway', [databaseUrl, ...redisArgument])
  const kept = stack.move()
  return {
    receiverUrl,
    async push(file, batch, count) {
      heard.done = 0
      const started = performance.now()
      const body = await openAsBlob(file)
      const headers = { 'content-type': 'application/x-ndjson' }
      const answer = await fetch(`${gateway}/batches/${batch}`, { method: 'POST', headers, body })
      if (answer.status !== 202) throw new Error(`the rival answered ${answer.status}`)
      for (; heard.done < count; await once(heard.news, 'news')) {
        if (heard.failed !== undefined) throw new Error(`the rival gave up: ${heard.failed}`)
      }
      return (performance.now() - started) / 1000
    },
    async cpuSeconds() {
      const own = children.reduce((sum, { pid }) => sum + (pid === undefined ? 0 : ownSeconds(pid)), 0)
      return own + serverSeconds(data) + ((await redis?.cpuSeconds()) ?? 0)
    },
    [Symbol.asyncDispose]: () => kept.disposeAsync(),
  }
}

/** A Redis that writes every job to its disk before it answers: until a transaction has it, a record is nowhere else. */
async function startDurableRedis(data: string, stack: AsyncDisposableStack) {
  const server = await startRedis(data, await freePort())
  stack.defer(() => server.stop())
  const redis = openRedis({ url: server.url })
  stack.defer(() => redis.disconnect())
  await redis.config('SET', 'appendfsync', 'always')
  return {
    url: server.url,
    async cpuSeconds() {
      const used = (await redis.info('cpu')).matchAll(/^used_cpu_(?:sys|user):([\d.]+)/gm)
      return [...used].reduce((sum, [, seconds]) => sum + Number(seconds), 0)
    },
  }
}

async function stop(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return
  child.kill('SIGTERM')
  await once(child, 'exit')
}
