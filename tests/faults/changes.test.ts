import { expect, it } from 'vitest'
import { families } from '../../bench/families.ts'
import type { Change } from '../../src/domain/change.ts'
import type { Feed } from '../../src/forward/feed.ts'
import { until } from '../support/running.ts'
import { type System, startSystem } from '../support/system.ts'
import { payloadOf } from './families.ts'

const FAMILIES = 150
const WORKERS = 4
const DEATHS = 5

type Told = Change & { position: string; delivery: string }
type Page = { changes: Told[]; next: string }
type Counts = { records: number; persons: { placed: number; unplaced: number; dangling: number } }

it('gives three readers every change once, each subject in order, while workers are killed at random', async () => {
  await using system = await startSystem()
  await system.start('serve')
  await system.start('receiver')
  const workers = await Promise.all(Array.from({ length: WORKERS }, () => system.start('work')))
  const gateway = system.as('carik-jakarta')
  const bps = system.as('bps')
  const lines = [...families(FAMILIES, 1)]
  let isOpen = true
  const follow = async (limit: number) => {
    const seen: Told[] = []
    for (let after = '0', isLast = false; ; ) {
      const page = await bps.get<Page>(`/v1/changes?after=${after}&limit=${limit}`)
      seen.push(...page.changes)
      after = page.next
      if (page.changes.length > 0) continue
      if (isLast) return seen
      isLast = !isOpen
    }
  }
  const readers = [7, 100, 1000].map(follow)
  const killing = (async () => {
    for (let deaths = 0; deaths < DEATHS && isOpen; deaths++) {
      const at = Math.floor(Math.random() * WORKERS)
      const worker = workers[at]
      if (worker !== undefined) await system.kill(worker)
      workers[at] = await system.start('work')
    }
  })()
  for (const street of ['Jalan Satu', 'Jalan Dua', 'Jalan Tiga']) {
    const sent = lines.map((line) => JSON.stringify({ ...JSON.parse(line), alamat: street }))
    const { batch } = await gateway.push('carik', street.replace(' ', '-'), payloadOf(sent))
    await gateway.settled(batch.id)
  }
  await killing
  const { records, persons } = await countsOf(system)
  // The last deliveries get their places in the feed a moment after they took effect.
  await until(async () => (await linesInFeed(bps)) === records)
  isOpen = false
  const [one = [], ...others] = await Promise.all(readers)
  expect(others).toEqual([one, one])
  const told = one.filter(({ kind }) => kind !== 'moved' && kind !== 'split')
  expect(told).toHaveLength(records)
  for (const [, own] of Map.groupBy(told, ({ subject }) => subject)) {
    const versions = own.map(({ version }) => version)
    expect(versions).toEqual(versions.toSorted((a, b) => a - b))
    expect(versions[0]).toBe(1)
  }
  expect([persons.unplaced, persons.dangling]).toEqual([0, 0])
  await gateway.close()
  await bps.close()
}, 600_000)

async function countsOf({ receiver }: Pick<System, 'receiver'>): Promise<Counts> {
  const headers = { authorization: `Bearer ${receiver.token}` }
  return (await (await fetch(`${receiver.url}/v1/counts`, { headers })).json()) as Counts
}

/** How many lines the deliveries of the feed have. */
async function linesInFeed(bps: ReturnType<System['as']>): Promise<number> {
  let lines = 0
  for (let after = '0'; ; ) {
    const page = await bps.get<Feed>(`/v1/deliveries?after=${after}&limit=1000`)
    if (page.deliveries.length === 0) return lines
    after = page.next
    for (const { manifest } of page.deliveries) lines += manifest.records.keluarga + manifest.records.individu
  }
}
