import type { Static } from 'typebox'
import { gap } from '../domain/conservation.ts'
import { type Counts, OUTCOMES } from '../domain/states.ts'
import type { Conservation } from './shapes.ts'

/** What was counted of one batch: by its chunks, by the ledger, and by the deliveries, those that were made and those that arrived. */
export type BatchSums = {
  batch: string
  platform: string
  dataset: string
  received: number
  chunks: Counts
  ledger: Counts
  pending: number
  /** Entries in a delivery, acknowledged or not. */
  composed: number
  /** Entries in deliveries that were acknowledged. */
  delivered: number
  openDeliveries: number
  /** When the oldest open delivery was made, or reopened. */
  openSince: Date | null
  /** Of the rejected and held entries, how many a later batch corrected. */
  corrected: { rejected: number; held: number }
}

export type ConservationView = Static<typeof Conservation>
type Sums = Omit<BatchSums, 'batch' | 'platform' | 'dataset'>

const LISTED = 1000

/** Holds the three counts of every batch against each other; batches come the newest first. */
export function balance(batches: readonly BatchSums[]): ConservationView {
  const platforms = new Map<string, Sums>()
  for (const sums of batches) platforms.set(sums.platform, added(platforms.get(sums.platform), sums))
  const balanced = batches.map((sums) => ({
    batch: sums.batch,
    platform: sums.platform,
    dataset: sums.dataset,
    ...gapsOf(sums),
  }))
  return {
    gap: balanced.reduce(
      (sum, { gap: g, ledger_gap, delivery_gap }) => sum + Math.abs(g) + Math.abs(ledger_gap) + Math.abs(delivery_gap),
      0,
    ),
    delivered: batches.reduce((sum, { delivered }) => sum + delivered, 0),
    open: batches.reduce((sum, { composed, delivered }) => sum + composed - delivered, 0),
    open_deliveries: batches.reduce((sum, { openDeliveries }) => sum + openDeliveries, 0),
    open_since:
      batches.reduce<Date | null>((since, sums) => earlier(since, sums.openSince), null)?.toISOString() ?? null,
    platforms: [...platforms]
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([platform, sums]) => ({ platform, ...gapsOf(sums) })),
    batches: balanced.slice(0, LISTED),
  }
}

function gapsOf({
  received,
  chunks,
  ledger,
  pending,
  composed,
  delivered,
  openDeliveries,
  openSince,
  corrected,
}: Sums) {
  return {
    received,
    chunks,
    ledger,
    pending,
    corrected,
    delivered,
    open: composed - delivered,
    open_deliveries: openDeliveries,
    open_since: openSince?.toISOString() ?? null,
    gap: gap(received, chunks, pending),
    ledger_gap: gap(received, ledger, pending),
    delivery_gap: chunks.new + chunks.updated - composed,
  }
}

function added(a: Sums | undefined, b: Sums): Sums {
  if (a === undefined) return b
  return {
    received: a.received + b.received,
    chunks: addedCounts(a.chunks, b.chunks),
    ledger: addedCounts(a.ledger, b.ledger),
    pending: a.pending + b.pending,
    composed: a.composed + b.composed,
    delivered: a.delivered + b.delivered,
    openDeliveries: a.openDeliveries + b.openDeliveries,
    openSince: earlier(a.openSince, b.openSince),
    corrected: {
      rejected: a.corrected.rejected + b.corrected.rejected,
      held: a.corrected.held + b.corrected.held,
    },
  }
}

function addedCounts(a: Counts, b: Counts): Counts {
  const sum = { ...a }
  for (const outcome of OUTCOMES) sum[outcome] += b[outcome]
  return sum
}

function earlier(a: Date | null, b: Date | null): Date | null {
  if (a === null || b === null) return a ?? b
  return a < b ? a : b
}
