import { listOf, SENT_LISTS, type SentList, type StatusCount } from './lists.ts'

/** How many deliveries of a quarter went to BPS, and how many of them it acknowledged, and signed for. */
export type Delivered = { composed: number; acknowledged: number; signed: number }

/** How many records were sent, how many of them are on each list, and what BPS knows beside them. */
export type Totals = {
  sent: number
  lists: Record<SentList, number>
  moved_in: number
  never_sent: number
  duplicates: number
  /** Deliveries of the platform in the quarter, of both levels. */
  deliveries: Delivered
}

/** Sums counts by status into the lists: every record that was sent is on exactly one. */
export function totalsOf(
  counts: readonly StatusCount[],
  beside: { duplicates: number; movedIn: number; neverSent: number; deliveries: Delivered },
): Totals {
  const lists = Object.fromEntries(SENT_LISTS.map((list) => [list, 0])) as Record<SentList, number>
  let sent = 0
  for (const { status, within, records } of counts) {
    lists[listOf(status, within)] += records
    sent += records
  }
  const { duplicates, movedIn, neverSent, deliveries } = beside
  return { sent, lists, moved_in: movedIn, never_sent: neverSent, duplicates, deliveries }
}
