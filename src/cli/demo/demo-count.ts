import { setTimeout as delay } from 'node:timers/promises'
import type { Gateway } from '../client/push.client.ts'

type FeedItem = {
  state: 'composed' | 'acknowledged'
  manifest: { batch: string; entries: number; records: { keluarga: number; individu: number } }
}
type FindingItem = { code: string; severity: string; title: string }

export type DeliverySums = { made: number; acknowledged: number; records: number; entries: number }
export type FindingSum = FindingItem & { count: number }

const PAGE = 200
const FEED_MS = 30_000

/** Sums over the whole feed of deliveries, and over those of some batches, as BPS's own client sees them. */
export async function countDeliveries(
  bps: Gateway,
  batches: ReadonlySet<string>,
  entries: number,
): Promise<{ all: DeliverySums; own: DeliverySums }> {
  // A delivery gets its place in the feed a moment after its commit.
  for (const end = Date.now() + FEED_MS; ; await delay(200)) {
    const items = await readFeed(bps)
    const own = sumOf(items.filter(({ manifest }) => batches.has(manifest.batch)))
    if (own.entries >= entries || Date.now() > end) return { all: sumOf(items), own }
  }
}

async function readFeed(bps: Gateway): Promise<FeedItem[]> {
  const items: FeedItem[] = []
  for (let after = '0'; ; ) {
    const page = await bps.get<{ deliveries: FeedItem[]; next: string }>(`/v1/deliveries?after=${after}&limit=${PAGE}`)
    items.push(...page.deliveries)
    if (page.deliveries.length < PAGE) return items
    after = page.next
  }
}

function sumOf(items: readonly FeedItem[]): DeliverySums {
  const sums = { made: items.length, acknowledged: 0, records: 0, entries: 0 }
  for (const { state, manifest } of items) {
    if (state === 'acknowledged') sums.acknowledged += 1
    sums.records += manifest.records.keluarga + manifest.records.individu
    sums.entries += manifest.entries
  }
  return sums
}

/** Findings of some batches by code, the commonest first, each batch read by its own platform's client. */
export async function countFindings(batches: readonly { id: string; gateway: Gateway }[]): Promise<FindingSum[]> {
  const sums = new Map<string, FindingSum>()
  for (const { id, gateway } of batches) {
    for (let query = ''; ; ) {
      const page = await gateway.get<{ findings: FindingItem[]; next: string | null }>(
        `/v1/batches/${id}/findings?limit=10000${query}`,
        'en',
      )
      for (const { code, severity, title } of page.findings) {
        const known = sums.get(code)
        if (known) known.count += 1
        else sums.set(code, { code, severity, title, count: 1 })
      }
      if (page.next === null) break
      query = `&after=${page.next}`
    }
  }
  return [...sums.values()].sort((a, b) => b.count - a.count || (a.code < b.code ? -1 : 1))
}
