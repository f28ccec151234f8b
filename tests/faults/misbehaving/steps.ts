import type { Feed } from '../../../src/forward/feed.ts'
import { until } from '../../support/running.ts'
import type { System } from '../../support/system.ts'
import type { Load } from './load.ts'
import type { Pace } from './others.ts'
import type { Truth } from './truth.ts'

const HURRY_MS = 1000
// What came in a minute of misdeeds takes longer than that on a machine that others load.
const ARRIVED_SECONDS = 180

/** A promise that tells whether it is over; what it threw is thrown to whoever awaits it. */
export function watched<T>(value: Promise<T>): { value: Promise<T>; isOver(): boolean } {
  let isOver = false
  value.then(
    () => {
      isOver = true
    },
    () => {
      isOver = true
    },
  )
  return { value, isOver: () => isOver }
}

/** Ends every pause, as the operators may. */
export async function hurry(truth: Truth): Promise<void> {
  const { deliveries } = await truth.open()
  for (const { delivery } of deliveries) await truth.retry(delivery)
}

/** Waits until everything that was pushed so far is delivered, and looks all the while; more is pushed meanwhile. */
export async function arrived(truth: Truth, load: Load): Promise<void> {
  const pushed = new Set(load.sent.keys())
  let hurried = 0
  let missing = pushed.size
  await until(async () => {
    if (performance.now() - hurried > HURRY_MS) {
      await hurry(truth)
      hurried = performance.now()
    }
    const { batches } = await truth.look()
    missing = batches.filter(({ batch, pending, open }) => pushed.has(batch) && pending + open > 0).length
    return missing === 0
  }, ARRIVED_SECONDS).catch((cause) => {
    throw new Error(`${missing} of ${pushed.size} batches have not arrived`, { cause })
  })
}

/** Ends the load and waits until everything is delivered; gives all batches that were pushed. */
export async function stopped(truth: Truth, load: Load): Promise<Set<string>> {
  await load.stop()
  await arrived(truth, load)
  return new Set(load.sent.keys())
}

/** The first place of the feed where one of these batches stands. */
export async function firstPlace(system: System, batches: readonly string[]): Promise<string> {
  const bps = system.as('bps')
  const { deliveries } = await bps.get<Feed>('/v1/deliveries?limit=1000')
  await bps.close()
  const first = deliveries.find(({ manifest }) => batches.includes(manifest.batch))
  if (first === undefined) throw new Error('none of the batches has a delivery')
  return first.position
}

/** The median of each way over some rounds, in whole milliseconds. */
export function medians(rounds: readonly Pace[]): Pace {
  const middle = (way: keyof Pace) => {
    const sorted = rounds.map((pace) => pace[way]).sort((a, b) => a - b)
    return Math.round(sorted[Math.floor(sorted.length / 2)] ?? 0)
  }
  return {
    pulled: middle('pulled'),
    settled: middle('settled'),
    told: middle('told'),
    returned: middle('returned'),
  }
}
