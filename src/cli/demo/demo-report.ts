import { BATCH, COUNTED } from '../../domain/states.ts'
import { table } from '../table.ts'
import type { DeliverySums, FindingSum } from './demo-count.ts'
import type { ResultSums } from './demo-results.ts'
import type { ReceiverCounts } from './receiver-counts.client.ts'

type Counts = Record<(typeof COUNTED)[number], number>

/** What a demo run did, as `--json` writes it. */
export type DemoReport = {
  batches: {
    file: string
    platform: string
    dataset: string
    batch: string
    state: string
    counts: Counts
    gap: number
  }[]
  totals: Counts
  findings: FindingSum[]
  /** Of all runs on this data folder, and of this run. */
  deliveries: { all: DeliverySums; own: DeliverySums }
  receiver: ReceiverCounts
  /** The way back: what the stand-in says (a toy), and what came home. */
  results: ResultSums
  conservation: { gap: number }
  seconds: number
  /** Every gap is 0, everything is settled, and the receiver holds what it acknowledged and every family that a person names. */
  ok: boolean
}

const COMMONEST = 10
const NUMBERS = new Intl.NumberFormat('en')

/** Sums of the counts of all batches. */
export function totalOf(counts: readonly Counts[]): Counts {
  const total: Counts = { received: 0, new: 0, updated: 0, unchanged: 0, rejected: 0, held: 0, pending: 0 }
  for (const one of counts) for (const column of COUNTED) total[column] += one[column]
  return total
}

/** Whether everything is settled, every sum closes, and the receiver holds exactly what it acknowledged. */
export function isClosed({
  batches,
  totals,
  deliveries,
  receiver,
  results,
  conservation,
}: Omit<DemoReport, 'ok'>): boolean {
  const { all, own } = deliveries
  return (
    batches.every(({ gap, counts, state }) => gap === 0 && counts.pending === 0 && state === BATCH.settled) &&
    conservation.gap === 0 &&
    own.entries === totals.new + totals.updated &&
    all.acknowledged === all.made &&
    receiver.deliveries === all.made &&
    receiver.records === all.records &&
    results.gap === 0 &&
    results.posted === results.applied + results.unchanged + results.rejected &&
    receiver.persons.dangling === 0
  )
}

/** The report as a person reads it. */
export function formatReport(report: DemoReport): string[] {
  const { batches, totals, findings, deliveries, receiver, results, conservation, seconds } = report
  const rows = [
    ['platform', 'dataset', ...COUNTED, 'gap'],
    ...batches.map((batch) => [batch.platform, batch.dataset, ...numbersOf(batch.counts), NUMBERS.format(batch.gap)]),
    ['all', '', ...numbersOf(totals), NUMBERS.format(conservation.gap)],
  ]
  const common = findings
    .slice(0, COMMONEST)
    .map(({ count, code, severity, title }) => [NUMBERS.format(count), severity, code, title])
  const { subjects, persons } = receiver
  const { own } = deliveries
  return [
    ...table(rows, 2),
    '',
    'Commonest findings',
    ...(common.length > 0 ? table([['count', 'severity', 'code', 'meaning'], ...common], 0, 0) : ['  none']),
    '',
    `Deliveries       ${NUMBERS.format(own.made)} made, ${NUMBERS.format(own.acknowledged)} acknowledged, ${NUMBERS.format(own.records)} records`,
    `Receiver         ${NUMBERS.format(receiver.deliveries)} deliveries, ${NUMBERS.format(receiver.records)} records: ${NUMBERS.format(subjects.keluarga)} keluarga and ${NUMBERS.format(subjects.individu)} individu`,
    `Persons          ${NUMBERS.format(persons.placed)} with a region, ${NUMBERS.format(persons.unplaced)} without, ${NUMBERS.format(persons.dangling)} of a family that never came`,
    `Results (toy)    ${NUMBERS.format(results.posted)} posted, ${NUMBERS.format(results.applied)} new, ${NUMBERS.format(results.unchanged)} known before, ${NUMBERS.format(results.rejected)} rejected`,
    `Come home        ${returnedLine(results)}`,
    `Conservation gap ${NUMBERS.format(conservation.gap)}`,
    `Time             ${seconds.toFixed(1)} s`,
    report.ok ? 'Every record is accounted for.' : 'SOMETHING IS MISSING: see the gaps above.',
  ]
}

function returnedLine({ returned, unreturnable }: ResultSums): string {
  const homes = Object.entries(returned).map(([platform, count]) => `${platform} ${NUMBERS.format(count)}`)
  return `${homes.join(', ')}; ${NUMBERS.format(unreturnable)} corrections without a way back`
}

function numbersOf(counts: Counts): string[] {
  return COUNTED.map((column) => NUMBERS.format(counts[column]))
}
