import { join } from 'node:path'
import { filePayload } from '../src/cli/client/payload.ts'
import { BATCH } from '../src/domain/states.ts'
import { type Bench, writeFamilies } from './system.ts'
import { settle } from './whole.ts'

const SMALL = join(import.meta.dirname, '..', 'tests', 'samples', 'jembrana', 'dtks-rumah-tangga.csv')
const TRIES = 20

/** While one platform floods, another pushes small batches one after the other: how long each takes to settle. */
export async function measureFlood(bench: Bench, count: number) {
  const file = await writeFamilies(join(bench.data, 'flood.ndjson'), { count, seed: 2 })
  const big = await bench.as('carik-jakarta')
  const small = await bench.as('jembrana')
  const payload = await filePayload(SMALL)
  const { batch: flood } = await big.push('carik', 'flood', await filePayload(file))
  const seconds: number[] = []
  let isFlooded = true
  for (let i = 0; i < TRIES && isFlooded; i++) {
    const one = await settle(small, { dataset: 'dtks-rumah-tangga', key: `small-${i}`, payload })
    isFlooded = (await big.get<{ state: string }>(`/v1/batches/${flood.id}`)).state !== BATCH.settled
    if (isFlooded) seconds.push(one.seconds)
  }
  await big.settled(flood.id)
  seconds.sort((a, b) => a - b)
  const at = (share: number) => Number((seconds[Math.ceil(share * seconds.length) - 1] ?? Number.NaN).toFixed(2))
  return { small_batches: seconds.length, median_s: at(0.5), p95_s: at(0.95) }
}
