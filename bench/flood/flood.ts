import { join } from 'node:path'
import { filePayload } from '../../src/cli/client/payload.ts'
import { BATCH } from '../../src/domain/states.ts'
import { type Bench, writeFamilies } from '../system.ts'
import { SMALL, smallBatches } from './small.ts'
import { meanSteps, type Steps, traceBatches } from './trace.ts'

/** How long batches of 100 new records take to settle beside a flood; `steps_ms` is where they spend it, of all and of the slowest tenth. */
export type Flood = {
  flood_records: number
  flood_s: number
  small_batches: number
  median_s: number
  p95_s: number
  most_s: number
  steps_ms: Steps
  slowest_ms: Steps
}

/** The flood that a small batch must not notice. */
export const FLOOD_RECORDS = 500_000

const RECORDS_OF_A_FAMILY = 4.5
const MOST_BATCHES = 60

/** While one platform floods, another pushes small batches one after the other, until the flood is over. */
export async function measureFlood(bench: Bench, records: number): Promise<Flood> {
  const payloads = await smallBatches(MOST_BATCHES)
  const count = Math.ceil(records / RECORDS_OF_A_FAMILY)
  const file = await writeFamilies(join(bench.data, 'flood.ndjson'), { count, seed: 2 })
  const big = await bench.as('carik-jakarta')
  const small = await bench.as(SMALL.platform)
  const started = Date.now()
  const { batch: flood } = await big.push('carik', 'flood', await filePayload(file))
  const pushed = new Map<string, number>()
  for (const [at, payload] of payloads.entries()) {
    const from = Date.now()
    const { batch } = await small.push(SMALL.dataset, `small-${at}`, payload)
    await small.settled(batch.id)
    const { state } = await big.get<{ state: string }>(`/v1/batches/${flood.id}`)
    // What settled after the flood did not settle beside it.
    if (state === BATCH.settled) break
    pushed.set(batch.id, from)
  }
  const { settled_at } = await big.settled(flood.id)
  const traces = (await traceBatches(bench, pushed)).sort((a, b) => (a.whole ?? 0) - (b.whole ?? 0))
  const at = (share: number) =>
    Number(((traces[Math.ceil(share * traces.length) - 1]?.whole ?? Number.NaN) / 1000).toFixed(2))
  return {
    flood_records: records,
    flood_s: Math.round((new Date(settled_at ?? '').getTime() - started) / 1000),
    small_batches: traces.length,
    median_s: at(0.5),
    p95_s: at(0.95),
    most_s: at(1),
    steps_ms: meanSteps(traces),
    slowest_ms: meanSteps(traces.slice(Math.floor(0.9 * traces.length))),
  }
}
