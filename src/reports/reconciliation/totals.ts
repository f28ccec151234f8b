import { listOf, SENT_LISTS, type SentList, type StatusCount } from './lists.ts'

/** How many records were sent, how many of them are on each list, and what BPS knows beside them. */
export type Totals = {
  sent: number
  lists: Record<SentList, number>
  moved_in: number
  never_sent: number
  duplicates: number
}

/** Sums counts by status into the lists: every record that was sent is on exactly one. */
export function totalsOf(
  counts: readonly StatusCount[],
  { duplicates, movedIn, neverSent }: { duplicates: number; movedIn: number; neverSent: number },
): Totals {
  const lists = Object.fromEntries(SENT_LISTS.map((list) => [list, 0])) as Record<SentList, number>
  let sent = 0
  for (const { status, within, records } of counts) {
    lists[listOf(status, within)] += records
    sent += records
  }
  return { sent, lists, moved_in: movedIn, never_sent: neverSent, duplicates }
}
