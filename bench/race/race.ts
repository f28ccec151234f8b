import { createReadStream } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { withClient } from '../../src/io/postgres/postgres.ts'
import { cpuSeconds } from '../cpu.ts'
import { startBench, writeFamilies } from '../system.ts'
import { push } from '../whole.ts'
import { startRival } from './rival/rival.ts'

/** One way to do it; speeds in families a second, CPU in microseconds for each record of a family or person. */
type Contestant = {
  name: string
  new_per_s: number
  unchanged_per_s: number
  /** Seconds from the first byte of the push until a family is committed at the receiver. */
  p50_s: number
  p99_s: number
  cpu_us_new: number
  cpu_us_unchanged: number
}

/** Ratios are against the faster rival. */
export type Race = {
  rival_redis_per_s: number
  rival_postgres_per_s: number
  new_ratio: number
  unchanged_ratio: number
  contestants: Contestant[]
}

type Course = { file: string; families: number; records: number }
type Leg = { perSecond: number; cpu: number }

/** The same families through Titian and through what a team would build instead, on both of its queues, one after the other. */
export async function measureRace(families: number, queue: 'postgres' | 'redis'): Promise<Race> {
  await using stack = new AsyncDisposableStack()
  const folder = await mkdtemp(join(tmpdir(), 'titian-race-'))
  stack.defer(() => rm(folder, { recursive: true, force: true }))
  const file = await writeFamilies(join(folder, 'families.ndjson'), { count: families })
  const course = { file, families, records: await countRecords(file) }
  const titian = await runTitian(course, queue)
  const redis = await runRival(course, 'redis')
  const postgres = await runRival(course, 'postgres')
  const against = (speed: 'new_per_s' | 'unchanged_per_s') =>
    Number((titian[speed] / Math.max(redis[speed], postgres[speed])).toFixed(2))
  return {
    rival_redis_per_s: redis.new_per_s,
    rival_postgres_per_s: postgres.new_per_s,
    new_ratio: against('new_per_s'),
    unchanged_ratio: against('unchanged_per_s'),
    contestants: [titian, redis, postgres],
  }
}

// A delivery holds many subjects, all of which are there when it is.
const TITIAN_ARRIVALS = `
  select extract(epoch from received_at)::float8 as at, (receipt ->> 'records')::int as records from delivery`
const RIVAL_ARRIVALS = 'select extract(epoch from at)::float8 as at, 1 as records from arrival'

async function runTitian(course: Course, queue: 'postgres' | 'redis'): Promise<Contestant> {
  await using bench = await startBench({ workers: 2, queue })
  const gateway = await bench.as('carik-jakarta')
  const cpu = async () => Object.values(cpuSeconds(bench)).reduce((sum, part) => sum + part, 0)
  const run = (key: string) =>
    leg(course, cpu, async () => (await push(gateway, course.file, key, course.families)).perSecond)
  const started = Date.now() / 1000
  const fresh = await run('fresh')
  const delays = await delaysSince(started, bench.urlFor('receiver', 'receiver'), TITIAN_ARRIVALS)
  return contestant(`titian (${queue})`, fresh, delays, await run('again'))
}

async function runRival(course: Course, queue: 'postgres' | 'redis'): Promise<Contestant> {
  await using rival = await startRival(queue)
  const run = (batch: string) =>
    leg(course, rival.cpuSeconds, async () => course.families / (await rival.push(course.file, batch, course.families)))
  const started = Date.now() / 1000
  const fresh = await run('fresh')
  const delays = await delaysSince(started, rival.receiverUrl, RIVAL_ARRIVALS)
  if (delays.arrived !== course.families)
    throw new Error(`the rival delivered ${delays.arrived} of ${course.families} families`)
  return contestant(`rival (${queue})`, fresh, delays, await run('again'))
}

async function leg({ records }: Course, cpu: () => Promise<number>, run: () => Promise<number>): Promise<Leg> {
  const before = await cpu()
  const perSecond = await run()
  return { perSecond, cpu: (((await cpu()) - before) * 1e6) / records }
}

function contestant(name: string, fresh: Leg, delays: Delays, again: Leg): Contestant {
  return {
    name,
    new_per_s: Math.round(fresh.perSecond),
    unchanged_per_s: Math.round(again.perSecond),
    p50_s: Number(delays.p50.toFixed(2)),
    p99_s: Number(delays.p99.toFixed(2)),
    cpu_us_new: Math.round(fresh.cpu),
    cpu_us_unchanged: Math.round(again.cpu),
  }
}

type Delays = { arrived: number; p50: number; p99: number }

/** How long after a time, seconds since 1970, records arrived. */
async function delaysSince(started: number, url: string, statement: string): Promise<Delays> {
  const { rows } = await withClient(url, (client) => client.query<{ at: number; records: number }>(statement))
  rows.sort((a, b) => a.at - b.at)
  const arrived = rows.reduce((sum, { records }) => sum + records, 0)
  const after = (share: number) => {
    let left = share * arrived
    for (const { at, records } of rows) {
      left -= records
      if (left <= 0) return at - started
    }
    return Number.NaN
  }
  return { arrived, p50: after(0.5), p99: after(0.99) }
}

/** Families and their members. */
async function countRecords(file: string): Promise<number> {
  let records = 0
  for await (const line of createInterface({ input: createReadStream(file) }))
    records += 1 + (JSON.parse(line) as { anggota: unknown[] }).anggota.length
  return records
}
