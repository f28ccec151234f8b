import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { filePayload } from '../src/cli/client/payload.ts'
import type { Gateway, Payload } from '../src/cli/client/push.client.ts'
import { BATCH } from '../src/domain/states.ts'
import { families } from './families.ts'
import type { Bench } from './system.ts'
import { settle } from './whole.ts'

const SMALL = join(import.meta.dirname, '..', 'tests', 'samples', 'jembrana', 'dtks-rumah-tangga.csv')
const TRIES = 60
/** The name of a person whose record never ends, for POISON_AT. */
export const POISONED = 'RACUN'

/** How long small batches of one platform take to settle, before and while a record of another burns CPU; and when that one is held. */
export async function measurePoison(bench: Bench) {
  const small = await bench.as('jembrana')
  const payload = await filePayload(SMALL)
  const push = (key: string) => pushSmall(small, payload, key)
  for (let i = 0; i < 5; i++) await push(`warm-${i}`)
  const calm: number[] = []
  for (let i = 0; i < TRIES; i++) calm.push(await push(`calm-${i}`))
  const hostile = await bench.as('carik-jakarta')
  const file = join(bench.data, 'poison.ndjson')
  await writeFile(file, poisonedFamily())
  const started = Date.now()
  const { batch } = await hostile.push('carik', 'poison', await filePayload(file))
  const beside: number[] = []
  let isHeld = false
  for (let i = 0; !isHeld; i++) {
    const taken = await push(`beside-${i}`)
    isHeld = (await hostile.get<{ state: string }>(`/v1/batches/${batch.id}`)).state === BATCH.settled
    if (!isHeld) beside.push(taken)
  }
  const heldAfter = (Date.now() - started) / 1000
  return { held_after_s: heldAfter, calm_ms: percentiles(calm), beside_ms: percentiles(beside) }
}

async function pushSmall(gateway: Gateway, payload: Payload, key: string): Promise<number> {
  return (await settle(gateway, { dataset: 'dtks-rumah-tangga', key, payload })).seconds * 1000
}

function poisonedFamily(): string {
  const [family = ''] = families(1, 3)
  return `${family.trim().replace(/"nama[a-z_]*":"/, `$&${POISONED} `)}\n`
}

function percentiles(milliseconds: number[]): { tries: number; p50: number; p95: number } {
  const sorted = milliseconds.toSorted((a, b) => a - b)
  const at = (share: number) => Math.round(sorted[Math.ceil(share * sorted.length) - 1] ?? Number.NaN)
  return { tries: sorted.length, p50: at(0.5), p95: at(0.95) }
}
