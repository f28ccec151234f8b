import { hash } from 'node:crypto'
import { join } from 'node:path'
import { zstdDecompressSync } from 'node:zlib'
import { expect } from 'vitest'
import { filePayload } from '../../../src/cli/client/payload.ts'
import type { Feed } from '../../../src/forward/feed.ts'
import { type Heard, openListener, verified } from '../../notify/listener.ts'
import { until } from '../../support/running.ts'
import type { System } from '../../support/system.ts'
import { payloadOf } from '../families.ts'
import type { Load } from './load.ts'

const UNCHANGED = join(import.meta.dirname, '..', '..', 'samples', 'jembrana', 'p3ke-keluarga.csv')
const EVENTS = ['batch.settled', 'results.available']
// What a busy machine may take; how fast it goes is held against the rounds before.
const SECONDS = 60

/** Milliseconds that each way took which does not lead to the receiver. */
export type Pace = { pulled: number; settled: number; told: number; returned: number }

type NewWebhook = { secret: string }
type Message = { type: string; data: { batch?: string } }

/**
 * The other destinations: BPS's own puller, a platform that sends nothing new, both platforms' webhooks, and results that come
 * home. `round` goes each of these ways once.
 */
export async function openOthers(system: System, load: Load) {
  const [carik, jembrana, bps] = [system.as('carik-jakarta'), system.as('jembrana'), system.as('bps-hasil')]
  const listener = await openListener()
  const secrets: Record<string, string> = {}
  for (const [name, platform] of Object.entries({ carik, jembrana })) {
    const hook = { url: `${listener.url}/${name}`, events: EVENTS }
    secrets[`/titian/${name}`] = (await platform.put<NewWebhook>('/v1/webhooks/utama', hook)).secret
  }
  const puller = startPuller(system)
  const payload = await filePayload(UNCHANGED)
  const sent = new Map<string, number>()
  /** When results came that their platform is to be told of. */
  const results: number[] = []
  let rounds = 0
  let cursor = '/v1/results?after=0'

  const heard = (path: string, after: number, is: (message: Message) => boolean) =>
    listener.heard.find((one) => one.path === path && one.at > after && is(messageOf(one)))

  /** A batch that was pushed after the round began, is read by the puller. */
  const pulled = async (from: number) => {
    let at = 0
    await until(() => {
      puller.subject()
      load.check()
      const batch = [...load.at].find(([id, pushed]) => pushed > from && puller.read.has(id))
      at = batch === undefined ? 0 : (puller.read.get(batch[0]) ?? 0) - batch[1]
      return batch !== undefined
    }, SECONDS).catch((cause) => {
      const late = performance.now() - Math.max(...puller.read.values())
      throw new Error(`${puller.read.size} of ${load.at.size} batches are pulled, the last ${late} ms ago`, { cause })
    })
    return at
  }
  /** The same records again settle, and their platform is told. */
  const unchanged = async (from: number) => {
    const { batch } = await jembrana.push('p3ke-keluarga', `lagi-${rounds}`, payload)
    const { counts } = await jembrana.settled(batch.id)
    sent.set(batch.id, counts.received)
    if (rounds > 1) expect(counts).toMatchObject({ new: 0, updated: 0, pending: 0 })
    const settled = performance.now() - from
    await until(() => heard('/titian/jembrana', from, ({ data }) => data.batch === batch.id) !== undefined, SECONDS)
    return { settled, told: performance.now() - from }
  }
  /** A result of BPS comes home. */
  const returned = async (from: number) => {
    const subject = puller.subject()
    const line = { subject, version: `2026-R${rounds}`, as_of: '2026-06-30', status: 'active' }
    await bps.postResults('', `hasil-${rounds}`, payloadOf([JSON.stringify(line)]))
    await until(async () => {
      const { text, next } = await carik.page(cursor, 'application/x-ndjson')
      cursor = next ?? cursor
      return text.includes(line.version)
    }, SECONDS)
    results.push(from)
    return performance.now() - from
  }

  return {
    /** The batches of the platform that sends nothing new, with the number of their entries. */
    sent: sent as ReadonlyMap<string, number>,
    async round(): Promise<Pace> {
      rounds += 1
      await until(() => puller.subject() !== undefined, SECONDS)
      const from = performance.now()
      const [pull, again, result] = await Promise.all([pulled(from), unchanged(from), returned(from)])
      return { pulled: pull, ...again, returned: result }
    },
    /** Milliseconds after which each batch was read by the puller: all of them, however the receiver was at the time. */
    async pulledAfter(): Promise<number[]> {
      await until(() => [...load.at.keys()].every((batch) => puller.read.has(batch)), SECONDS)
      return [...load.at].map(([batch, pushed]) => (puller.read.get(batch) ?? 0) - pushed)
    },
    /** Milliseconds after which the platform was told of each result; results of a few seconds are told together. */
    async announcedAfter(): Promise<number[]> {
      const next = (from: number) => heard('/titian/carik', from, ({ type }) => type === 'results.available')
      await until(() => results.every((from) => next(from) !== undefined), SECONDS)
      return results.map((from) => (next(from)?.at ?? 0) - from)
    },
    /** Every message that was heard is signed as Standard Webhooks has it. */
    verifyHeard() {
      for (const one of listener.heard) verified(secrets[one.path] ?? '', one)
      return listener.heard.length
    },
    async [Symbol.asyncDispose]() {
      await puller.stop()
      await Promise.all([carik.close(), jembrana.close(), bps.close()])
      await listener[Symbol.asyncDispose]()
    },
  }
}

function messageOf({ body }: Heard): Message {
  return JSON.parse(body)
}

/** BPS's own puller beside the push: reads every delivery of the feed as it comes, and checks its bytes. */
function startPuller(system: System) {
  const bps = system.as('bps')
  const read = new Map<string, number>()
  let family: string | undefined
  let isStopping = false
  const run = async () => {
    for (let after = '0'; !isStopping; ) {
      const { deliveries, next } = await bps.get<Feed>(`/v1/deliveries?after=${after}&wait=2`)
      for (const { manifest } of deliveries) {
        const path = `/v1/deliveries/${manifest.delivery}/records`
        const { bytes } = await bps.read(path, { 'accept-encoding': 'zstd' })
        expect(`sha-256=:${hash('sha256', bytes, 'base64')}:`).toBe(manifest.digest)
        if (manifest.platform === 'carik-jakarta') family ??= familyIn(bytes)
        read.set(manifest.batch, performance.now())
      }
      after = next
    }
  }
  const running = run()
  let fault: unknown
  running.catch((error) => {
    fault = error
  })
  return {
    read,
    /** A family that was pulled; throws what the puller threw. */
    subject() {
      if (fault !== undefined) throw fault
      return family
    },
    /** Throws what the puller threw. */
    async stop() {
      isStopping = true
      await running
      await bps.close()
    },
  }
}

function familyIn(bytes: Buffer): string | undefined {
  const lines = zstdDecompressSync(bytes).toString().trim().split('\n')
  return lines.map((line) => JSON.parse(line)).find(({ level }) => level === 'keluarga')?.subject
}
