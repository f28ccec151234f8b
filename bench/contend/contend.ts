// How workers that link at the same time stand in each other's way: processes over one registry, no queue, no gateway.
import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import type { CleanEntry } from '../../src/domain/entry.ts'
import type { ClaimedChunk } from '../../src/engine/stage.ts'
import { families } from '../families.ts'
import { watchLocks } from '../locks.ts'
import { openBatch, openBenchRegistry, submit } from '../registry.ts'
import type { Order } from './worker.ts'

/** So many workers on chunks of 2,000 families. */
export type Contention = {
  workers: number
  /** Persons and families when the first of the measured chunks came. */
  subjects: number
  families_per_s: number
  /** Share of the workers' time that they waited for a lock of somebody else: for any, for an advisory one, for a row. */
  'waiting %': number
  'advisory %': number
  'rows %': number
  /** Of a chunk, how long the subjects' lock was held. */
  held_ms: number
  /** Share of the time in which the subjects' lock was held by one of them. */
  'held %': number
}

const CHUNK = 2000
const WARMING = 2
const LEAST_CHUNKS = 12
const LOOK_MS = 5

/** Links as many chunks with one worker as with so many, on the same registry, each time chunks that are new to it. */
export async function measureContention(most: number): Promise<Contention[]> {
  await using stack = new AsyncDisposableStack()
  const bench = stack.use(await openBenchRegistry())
  const { db, address } = bench
  const children: ChildProcess[] = []
  for (let i = 0; i < most; i++) {
    const child = fork(join(import.meta.dirname, 'worker.ts'))
    stack.defer(() => end(child))
    children.push(child)
  }
  await Promise.all(children.map((child) => tell(child, address)))
  const next = await chunksOf(bench)
  const make = async (count: number) => {
    const chunks: ClaimedChunk[] = []
    while (chunks.length < count) chunks.push(await next())
    return chunks
  }
  for (const child of children) await linkAll([child], await make(WARMING))
  const count = Math.max(LEAST_CHUNKS, 4 * most)
  const contentions: Contention[] = []
  for (const workers of new Set([1, most])) {
    const { rows } = await db.query<{ n: number }>('select count(*)::integer as n from subject')
    const chunks = await make(count)
    const locks = watchLocks(db, LOOK_MS)
    const seconds = await linkAll(children.slice(0, workers), chunks)
    const { held, waiting } = await locks.stop()
    const percent = (share: number) => Number((100 * share).toFixed(1))
    const { advisory = 0, ...others } = waiting
    const rest = Object.values(others).reduce((sum, n) => sum + n, 0)
    contentions.push({
      workers,
      subjects: rows[0]?.n ?? 0,
      families_per_s: Math.round((count * CHUNK) / seconds),
      'waiting %': percent((advisory + rest) / workers),
      'advisory %': percent(advisory / workers),
      'rows %': percent(rest / workers),
      held_ms: Math.round((held * seconds * 1000) / count),
      'held %': percent(held),
    })
  }
  return contentions
}

/** Each worker takes a chunk when it has done one; answers how many seconds all of them took. */
async function linkAll(workers: readonly ChildProcess[], chunks: readonly ClaimedChunk[]): Promise<number> {
  const left = [...chunks]
  const link = async (child: ChildProcess) => {
    for (let chunk = left.shift(); chunk !== undefined; chunk = left.shift()) await tell(child, { chunk })
  }
  const started = performance.now()
  await Promise.all(workers.map(link))
  return (performance.now() - started) / 1000
}

/** Makes chunks of families that nobody has linked, one at a time. */
async function chunksOf(bench: Awaited<ReturnType<typeof openBenchRegistry>>): Promise<() => Promise<ClaimedChunk>> {
  const dataset = bench.registry.datasets.get('carik')
  const platform = bench.registry.platforms.get('carik-jakarta')
  if (dataset === undefined || platform === undefined) throw new Error('the registry has no carik')
  const source = { platform: platform.name, dataset: dataset.name }
  const batch = await openBatch(bench.db, source)
  const lines = families(Number.POSITIVE_INFINITY)
  let line = 1
  return async () => {
    const entries: CleanEntry[] = []
    for (; entries.length < CHUNK; line++)
      entries.push(dataset.clean({ line, form: 'object', text: lines.next().value ?? '' }, platform))
    return submit(bench, { ...source, batch }, entries)
  }
}

async function tell(child: ChildProcess, order: Order): Promise<void> {
  const heard = new AbortController()
  const { signal } = heard
  child.send(order)
  const [answer] = await Promise.race([once(child, 'message', { signal }), once(child, 'exit', { signal })])
  heard.abort()
  if (answer !== 'ready') throw new Error('a worker of the bench has ended')
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return
  child.disconnect()
  await once(child, 'exit')
}
