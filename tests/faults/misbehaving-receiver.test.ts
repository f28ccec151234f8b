import { expect, it } from 'vitest'
import type { Mode } from '../../src/receiver/misbehave.ts'
import { FLAWLESS, judge } from '../support/oracle.ts'
import { until } from '../support/running.ts'
import { startSystem } from '../support/system.ts'
import { openLoad } from './misbehaving/load.ts'
import { watchMemory } from './misbehaving/memory.ts'
import { openOthers, type Pace } from './misbehaving/others.ts'
import { ALL, backUp, order, restore, stop } from './misbehaving/stand-in.ts'
import { arrived, firstPlace, hurry, medians, stopped, watched } from './misbehaving/steps.ts'
import { type OpenDelivery, openTruth } from './misbehaving/truth.ts'

/** What a receiver does, in which words the API tells it, and in which state a delivery is while it does. */
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
const SETTINGS = { RECEIVER_SECONDS: '2', OPEN_BATCHES: '1000', WEBHOOK_NETWORKS: '127.0.0.0/8' }
const GOOD_ROUNDS = 3
const WAYS = ['pulled', 'settled', 'told', 'returned'] as const
// Between two rounds of one kind lie some hundred milliseconds on a quiet machine, and seconds on a shared one. A way that leads to the
// receiver would wait as long as that does ill.
const SPREAD_MS = 5000
const MOST_MS = 60_000
// Sixteen megabytes of an answer are read at most, twelve calls at once; the rest is what V8 leaves uncollected for a while.
const MOST_MB_MORE = 300
// What stays at the end is not much more than was needed at the beginning; a heap that has grown once keeps its pages for long.
const MOST_MB_LEFT = 80

it('has one effect at a receiver that does everything wrong under load, and tells the truth at each moment', async () => {
  await using system = await startSystem({ settings: SETTINGS })
  const gateway = await system.start('serve')
  let receiver = await system.start('receiver')
  const worker = await system.start('work')
  const [load, truth] = [openLoad(system), openTruth(system)]
  await using others = await openOthers(system, load)
  const verdict = () => judge(system, new Map([...load.sent, ...others.sent]), 'ops')
  load.start()
  const good: Pace[] = []
  for (let rounds = 0; rounds < GOOD_ROUNDS; rounds++) good.push(await others.round())
  using memory = watchMemory({ gateway, worker })

  const bad: Pace[] = []
  for (const [mode, words, status] of MISDEEDS) {
    await order(system, mode, ALL)
    // All the while it is at it: the others go their ways, and the API and the console are looked at.
    const round = watched(others.round())
    let told: OpenDelivery | undefined
    await until(async () => {
      await truth.look()
      const { deliveries } = await truth.open()
      told ??= deliveries.find(({ last_answer }) => words.test(last_answer ?? ''))
      return told !== undefined && round.isOver()
    }, 80).catch(async (cause) => {
      throw new Error(`${mode}: ${JSON.stringify([round.isOver(), (await truth.open()).deliveries.slice(0, 3)])}`, {
        cause,
      })
    })
    expect(told?.status, mode).toMatch(status)
    if (told !== undefined) await truth.lookAtBatch(told.batch)
    bad.push(await round.value)
    await truth.lookAtQueues()
    await order(system, mode, 0)
    await arrived(truth, load)
  }

  // Vanished: nobody listens, and it says so. Then it dies after its commit, before its answer.
  await system.kill(receiver)
  const vanished = watched(others.round())
  await until(async () => {
    await truth.look()
    const { open, deliveries } = await truth.open()
    return open > 0 && deliveries.some(({ last_answer }) => /ECONNREFUSED/.test(last_answer ?? '')) && vanished.isOver()
  }, 80)
  bad.push(await vanished.value)
  expect(await truth.sums()).toMatchObject({ gap: 0, open_since: expect.any(String) })
  receiver = await system.start('receiver', { CRASH_AT: 'receiver:after-commit:1' })
  await hurry(truth)
  await receiver.ended
  await truth.look()
  receiver = await system.start('receiver')
  await arrived(truth, load)

  // Restored to an older copy: what came since is lost there, and sent again when the operators say so, while more is pushed.
  const before = await stopped(truth, load)
  await stop(receiver)
  await backUp(system)
  receiver = await system.start('receiver')
  load.start()
  bad.push(await others.round())
  const since = await stopped(truth, load)
  await stop(receiver)
  await restore(system)
  receiver = await system.start('receiver')
  const lost = [...since].filter((batch) => !before.has(batch))
  let applied = 0
  for (const batch of lost) {
    const { counts, state } = await truth.lookAtBatch(batch)
    expect(state).toBe('settled')
    applied += counts.new + counts.updated
  }
  expect(applied).toBeGreaterThan(0)
  expect(await verdict()).toMatchObject({ lost: applied, doubled: 0 })
  const from = await firstPlace(system, lost)
  await stop(receiver)
  expect(await truth.resend(from)).toMatchObject({ gone: [], next: null })
  // What the receiver has lost is open again, and nobody calls it delivered or its batch settled.
  for (const batch of lost) {
    const { counts, deliveries, state } = await truth.lookAtBatch(batch)
    const isSent = counts.new + counts.updated > 0
    expect([state, deliveries?.entries.delivered, isSent]).toEqual([isSent ? 'received' : 'settled', 0, isSent])
  }
  expect((await truth.sums()).open).toBeGreaterThanOrEqual(applied)
  receiver = await system.start('receiver')
  load.start()
  bad.push(await others.round())
  const all = await stopped(truth, load)
  for (const batch of all) expect(await truth.lookAtBatch(batch)).toMatchObject({ state: 'settled' })

  const held = memory.stop()
  const { lost: missing, doubled, unexpected, gap } = await verdict()
  const paces = { good: medians(good), bad: medians(bad) }
  const longest = {
    pulled: Math.round(Math.max(...(await others.pulledAfter()))),
    announced: Math.round(Math.max(...(await others.announcedAfter()))),
  }
  console.log(`${load.sent.size} batches: lost = ${missing}, doubled = ${doubled}`)
  console.log(
    JSON.stringify({
      memory: Object.fromEntries(held),
      looks: truth.looks,
      heard: others.verifyHeard(),
      paces,
      longest,
    }),
  )
  expect({ lost: missing, doubled, unexpected, gap }).toEqual(FLAWLESS)
  expect(await truth.sums()).toMatchObject({ gap: 0, open: 0, open_since: null })
  // Most of the looks fell between two equal answers: the console was held against them to the last digit.
  expect(truth.looks.exact).toBeGreaterThan(20)
  for (const way of WAYS) {
    expect(Math.max(...bad.map((pace) => pace[way])), way).toBeLessThan(MOST_MS)
    expect(paces.bad[way], way).toBeLessThan(2 * paces.good[way] + SPREAD_MS)
  }
  for (const ms of Object.values(longest)) expect(ms).toBeLessThan(MOST_MS)
  for (const { most, least, early, last } of held.values()) {
    expect(most - least).toBeLessThan(MOST_MB_MORE)
    expect(last - early).toBeLessThan(MOST_MB_LEFT)
  }
  await truth.close()
}, 600_000)
