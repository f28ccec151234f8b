import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { filePayload } from '../src/cli/client/payload.ts'
import type { Gateway, Payload } from '../src/cli/client/push.client.ts'
import { cpuSeconds, spentOn } from './cpu.ts'
import { peaks } from './memory.ts'
import { measureSealedFloor } from './sealed/sealed.ts'
import { type Bench, writeFamilies } from './system.ts'

/**
 * The whole way (first byte to the receiver's last receipt), the same push again, and the floors beside them, in families a second;
 * CPU in microseconds a family.
 */
export async function measureWhole(bench: Bench, count: number) {
  const file = await writeFamilies(join(bench.data, 'families.ndjson'), { count })
  const gateway = await bench.as('carik-jakarta')
  const floors = [await floor(bench, file)]
  const idle = cpuSeconds(bench)
  const fresh = await push(gateway, file, 'fresh', count)
  const settled = cpuSeconds(bench)
  const sealedFloor = await measureSealedFloor(bench, file)
  const rested = cpuSeconds(bench)
  const again = await push(gateway, file, 'again', count)
  const cpu = { fresh: spentOn(count, idle, settled), again: spentOn(count, rested, cpuSeconds(bench)) }
  floors.push(await floor(bench, file), await floor(bench, file))
  const floorPerSecond = floors.sort((a, b) => a - b)[1] ?? 0
  const ratio = (perSecond: number) => Number((perSecond / floorPerSecond).toFixed(3))
  return {
    records: count,
    outcomes: { fresh: fresh.counts, again: again.counts },
    e2e_per_s: Math.round(fresh.perSecond),
    unchanged_per_s: Math.round(again.perSecond),
    floor_per_s: Math.round(floorPerSecond),
    ratio: ratio(fresh.perSecond),
    unchanged_ratio: ratio(again.perSecond),
    sealed_floor_per_s: Math.round(sealedFloor.perSecond),
    sealed_floor_cpu_us: Math.round(sealedFloor.cpuUs),
    sealed_ratio: Number((fresh.perSecond / sealedFloor.perSecond).toFixed(3)),
    cpu_us: cpu,
    peak_rss_mb: peaks(bench.installation),
  }
}

/** Pushes a file as one batch and waits until it is settled. */
export async function push(gateway: Gateway, file: string, key: string, count: number) {
  const { seconds, counts } = await settle(gateway, { dataset: 'carik', key, payload: await filePayload(file) })
  return { perSecond: count / seconds, counts }
}

/** Pushes a batch and tells how long it took to be settled, by the batch's own word: a client only sees it when it asks next. */
export async function settle(
  gateway: Gateway,
  { dataset, key, payload }: { dataset: string; key: string; payload: Payload },
) {
  const started = Date.now()
  const { batch } = await gateway.push(dataset, key, payload)
  const { counts, settled_at } = await gateway.settled(batch.id)
  if (settled_at === null) throw new Error(`${batch.id} is settled and does not say when`)
  return { counts, seconds: (new Date(settled_at).getTime() - started) / 1000 }
}

/** What one process does that only parses, validates and copies the bytes, in families a second. */
export async function floor({ ownerUrl }: Bench, file: string): Promise<number> {
  const script = join(import.meta.dirname, 'floor.ts')
  const { stdout } = await promisify(execFile)(process.execPath, [script, ownerUrl, file])
  return Number(stdout)
}
