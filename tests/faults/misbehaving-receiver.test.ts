import { readFileSync } from 'node:fs'
import { expect, it } from 'vitest'
import { families } from '../../bench/families.ts'
import type { Child } from '../../src/cli/run/child.ts'
import type { BatchView } from '../../src/engine/batch-view.sql.ts'
import { withClient } from '../../src/io/postgres/postgres.ts'
import type { Mode } from '../../src/receiver/misbehave.ts'
import { judge } from '../support/oracle.ts'
import { until } from '../support/running.ts'
import { type System, startSystem } from '../support/system.ts'
import { payloadOf } from './families.ts'

/** What a receiver does, in which words the API tells it, and in which state the delivery is while it does. */
const MISDEEDS: readonly [Mode, RegExp, RegExp][] = [
  ['slow', /^failed: TimeoutError$/, /sent/],
  ['drip', /^failed: TimeoutError$/, /sent/],
  ['half-read', /^failed: /, /sent/],
  ['truncate', /^failed: /, /sent/],
  ['huge', /^failed: UND_ERR_RES_EXCEEDED_MAX_SIZE$|^failed: TimeoutError$/, /sent/],
  ['wrong-digest', /^failed: receipt-invalid$/, /sent/],
  ['wrong-counts', /^failed: receipt-invalid$/, /sent/],
  ['other-receipt', /^failed: receipt-invalid$/, /sent/],
  ['html', /^failed: receipt-invalid$/, /sent/],
  ['redirect', /^failed: status-307$/, /sent/],
  ['unauthorized', /^failed: status-401$/, /sent/],
  ['reject', /^refused: status-422$/, /refused/],
  ['429', /^busy for \d+ s$/, /sent/],
  ['202-forever', /^pending: status-202$/, /sent/],
  ['reset', /^failed: /, /sent/],
  ['drop-after-commit', /^failed: /, /sent/],
]
const FAMILIES = 25
const MOST_BATCHES = 30
const MOST_MB_MORE = 150

type OpenList = { open: number; deliveries: { delivery: string }[] }
type DeliveryView = { status: string; attempts: number; last_answer: string | null; position: string }
type Sums = { gap: number; delivered: number; open: number; open_deliveries: number; open_since: string | null }

it('has one effect at a receiver that does everything wrong, and tells the truth at each moment', async () => {
  await using system = await startSystem({ settings: { RECEIVER_SECONDS: '2' } })
  await system.start('serve')
  let receiver = await system.start('receiver')
  const worker = await system.start('work')
  const sent = new Map<string, number>()
  const run = observer(system, sent)
  const first = await run.push()
  await run.settled(first)
  const memory = megabytes(worker)

  for (const [mode, words, status] of MISDEEDS) {
    await order(system, mode, 1)
    const batch = await run.push()
    // Under way while the receiver is at it: who sends nothing new is not kept waiting.
    const other = mode === 'slow' ? await run.pushAgain() : undefined
    const told = await run.told(batch, (one) => words.test(one.last_answer ?? ''))
    if (told.status !== 'acknowledged') expect(told.status, mode).toMatch(status)
    if (other !== undefined) {
      await run.settled(other)
      expect((await run.read(other)).counts).toMatchObject({ unchanged: FAMILIES, pending: 0 })
    }
    await run.hurry()
    await run.settled(batch)
  }
  expect(megabytes(worker) - memory).toBeLessThan(MOST_MB_MORE)

  // Vanished: nobody listens, and it says so. Then it dies after its commit, before its answer.
  await system.kill(receiver)
  const vanished = await run.push()
  const told = await run.told(vanished, ({ last_answer }) => /ECONNREFUSED/.test(last_answer ?? ''))
  expect(told).toMatchObject({ status: 'sent' })
  expect(await run.sums()).toMatchObject({ gap: 0, open: FAMILIES, open_deliveries: 1, open_since: expect.any(String) })
  receiver = await system.start('receiver', { CRASH_AT: 'receiver:after-commit:1' })
  await run.hurry()
  await receiver.ended
  receiver = await system.start('receiver')
  await run.hurry()
  await run.settled(vanished)

  // Restored to an older copy: what came since is lost there, and sent again when the operators say so.
  await stop(receiver)
  await backUp(system)
  receiver = await system.start('receiver')
  const lost = [await run.push(), await run.push()]
  for (const batch of lost) await run.settled(batch)
  await stop(receiver)
  await restore(system)
  receiver = await system.start('receiver')
  expect(await judge(system, sent)).toMatchObject({ lost: 2 * FAMILIES, doubled: 0 })
  const from = (await run.delivery(lost[0] as string)).position
  await stop(receiver)
  expect(await run.resend(from)).toMatchObject({ resent: 2, gone: [], next: null })
  expect(await run.sums()).toMatchObject({ gap: 0, open: 2 * FAMILIES, open_deliveries: 2 })
  expect(await run.read(lost[0] as string)).toMatchObject({ state: 'received', settled_at: null })
  receiver = await system.start('receiver')
  await run.hurry()
  for (const batch of lost) await run.settled(batch)

  const verdict = await judge(system, sent)
  console.log(`lost = ${verdict.lost}, doubled = ${verdict.doubled}`)
  expect(verdict).toMatchObject({ lost: 0, unexpected: 0, doubled: 0, gap: 0 })
  expect(await run.sums()).toMatchObject({ gap: 0, open: 0, open_since: null })
  await run.close()
}, 240_000)

/** Pushes and reads as clients do; each look at a batch also compares what the API says with what the receiver has. */
function observer(system: System, sent: Map<string, number>) {
  const carik = system.as('carik-jakarta')
  const ops = system.as('ops')
  const lines = [...families(FAMILIES * MOST_BATCHES, 1)]
  let pushed = 0

  /** The families of one turn: nobody has sent them before. */
  const send = async (turn: number) => {
    const payload = payloadOf(lines.slice(turn * FAMILIES, (turn + 1) * FAMILIES))
    const { batch } = await carik.push('carik', `kiriman-${sent.size}`, payload)
    sent.set(batch.id, FAMILIES)
    return batch.id
  }
  const read = (id: string) => carik.get<BatchView>(`/v1/batches/${id}`)
  const sums = () => ops.get<Sums>('/v1/conservation')

  /** The sums close, an open delivery is never called delivered, and what is called delivered is there. */
  const look = async (id: string): Promise<BatchView> => {
    const [batch, conservation] = [await read(id), await sums()]
    expect(conservation.gap).toBe(0)
    const { counts, deliveries, state } = batch
    if (deliveries === undefined) throw new Error('a batch is read without its deliveries')
    if (counts.pending === 0)
      expect(deliveries.entries.delivered + deliveries.entries.open).toBe(counts.new + counts.updated)
    const open = deliveries.composed + deliveries.sent + deliveries.refused
    if (state === 'settled') expect([open, deliveries.open_since, deliveries.entries.open]).toEqual([0, null, 0])
    expect(deliveries.open_since === null).toBe(open === 0)
    const arrived = await arrivedEntries(system)
    if (arrived !== undefined) expect(conservation.delivered).toBeLessThanOrEqual(arrived)
    return batch
  }

  return {
    read,
    sums,
    push() {
      pushed += 1
      return send(pushed)
    },
    /** The same records under another key. */
    pushAgain: () => send(pushed),
    settled: (id: string) => until(async () => (await look(id)).state === 'settled', 60),
    async delivery(batch: string): Promise<DeliveryView> {
      const id = await deliveryOf(system, batch)
      return ops.get<DeliveryView>(`/v1/deliveries/${id}`)
    },
    /** Waits until the delivery of a batch says something of itself. */
    async told(batch: string, says: (delivery: DeliveryView) => boolean): Promise<DeliveryView> {
      let last: DeliveryView | undefined
      await until(async () => {
        await look(batch)
        const id = await deliveryOf(system, batch)
        if (id === undefined) return false
        last = await ops.get<DeliveryView>(`/v1/deliveries/${id}`)
        return says(last)
      }, 30).catch(async (cause) => {
        const said = JSON.stringify([last, await read(batch)])
        throw new Error(`after ${pushed} batches: ${said}`, { cause })
      })
      return last as DeliveryView
    },
    /** Ends every pause, as the operators may. */
    async hurry() {
      const { deliveries } = await ops.get<OpenList>('/v1/deliveries/open')
      for (const { delivery } of deliveries) await ops.post(`/v1/deliveries/${delivery}/retry`)
    },
    resend: (from: string) => ops.post('/v1/deliveries/resend', { from, reason: 'penerima dipulihkan' }),
    async close() {
      await carik.close()
      await ops.close()
    },
  }
}

/** The one delivery of a batch, as BPS finds it in the feed. */
async function deliveryOf(system: System, batch: string): Promise<string | undefined> {
  const bps = system.as('bps')
  try {
    type Feed = { deliveries: { manifest: { delivery: string; batch: string } }[] }
    const { deliveries } = await bps.get<Feed>('/v1/deliveries?limit=1000')
    return deliveries.find(({ manifest }) => manifest.batch === batch)?.manifest.delivery
  } finally {
    await bps.close()
  }
}

/** How many entries the receiver has of all deliveries; undefined while it does not answer. */
async function arrivedEntries({ receiver }: System): Promise<number | undefined> {
  return withClient(receiver.databaseUrl, async (db) => {
    const { rows } = await db.query(
      "select coalesce(sum((manifest ->> 'entries')::int), 0)::int as entries from delivery",
    )
    return rows[0]?.entries as number
  })
}

async function order({ receiver }: System, mode: Mode, times: number): Promise<void> {
  const answer = await fetch(`${receiver.url}/misbehave`, {
    method: 'POST',
    headers: { authorization: `Bearer ${receiver.token}`, 'content-type': 'application/json' },
    body: JSON.stringify({ mode, times }),
  })
  expect(answer.status).toBe(200)
}

async function stop(child: Child): Promise<void> {
  await child.stop()
  await child.ended
}

/** Copies what the receiver holds, beside it. */
function backUp({ receiver }: System) {
  return withClient(receiver.databaseUrl, async (db) => {
    await db.query('create table delivery_copy as table delivery')
    await db.query('create table subject_copy as table subject')
  })
}

/** Puts the receiver back to its copy. */
function restore({ receiver }: System) {
  return withClient(receiver.databaseUrl, async (db) => {
    await db.query('truncate delivery, subject')
    await db.query('insert into delivery overriding system value select * from delivery_copy')
    await db.query('insert into subject select * from subject_copy')
  })
}

/** Memory that a process holds, by the system. */
function megabytes({ pid }: Child): number {
  return Number(/VmRSS:\s+(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? 0) / 1024
}
