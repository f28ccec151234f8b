import { DIMENSIONS, type Dimension, dimensionOf } from './dimension.ts'

const DAY_MS = 86_400_000
/** More findings than this for each 100 records than in the push before are worth saying. */
const WORSE_BY = 0.5
const MOST_WORSE = 5

/** A push as the quality page sees it: its counts, and how often each code was found. */
export type PushQuality = {
  batch: string
  dataset: string
  receivedAt: Date
  received: number
  accepted: number
  held: number
  rejected: number
  /** Findings by code; no value. */
  codes: Readonly<Record<string, number>>
}

/** A push judged: shares of its records, and findings for each 100 records by dimension. */
export type JudgedPush = Omit<PushQuality, 'codes'> & {
  acceptedShare: number
  per100: Readonly<Record<Dimension, number>>
  /** Days since the push of this dataset before; null for the first that is shown. */
  daysSince: number | null
}

/** A code that was found more often than in the push before, in findings for each 100 records. */
type Worsened = { code: string; before: number; now: number }

/** The pushes of one dataset, the oldest first, and what got worse in the newest. */
export type DatasetQuality = { dataset: string; pushes: readonly JudgedPush[]; worse: readonly Worsened[] }

/** Judges pushes, which come by dataset and in their order. */
export function judgeQuality(pushes: readonly PushQuality[]): DatasetQuality[] {
  return [...Map.groupBy(pushes, ({ dataset }) => dataset)].map(([dataset, of]) => ({
    dataset,
    pushes: of.map((push, at) => judgePush(push, of[at - 1])),
    worse: worsened(of.at(-2), of.at(-1)),
  }))
}

function judgePush({ codes, ...push }: PushQuality, before: PushQuality | undefined): JudgedPush {
  const sums = Object.fromEntries(DIMENSIONS.map((name) => [name, 0])) as Record<Dimension, number>
  for (const [code, findings] of Object.entries(codes)) sums[dimensionOf(code)] += per100(findings, push.received)
  return {
    ...push,
    acceptedShare: push.accepted / push.received,
    per100: sums,
    daysSince:
      before === undefined ? null : Math.round((push.receivedAt.getTime() - before.receivedAt.getTime()) / DAY_MS),
  }
}

function worsened(before: PushQuality | undefined, now: PushQuality | undefined): Worsened[] {
  if (before === undefined || now === undefined) return []
  return Object.entries(now.codes)
    .map(([code, findings]) => ({
      code,
      before: per100(before.codes[code] ?? 0, before.received),
      now: per100(findings, now.received),
    }))
    .filter((one) => one.now - one.before > WORSE_BY)
    .sort((a, b) => b.now - b.before - (a.now - a.before))
    .slice(0, MOST_WORSE)
}

function per100(findings: number, received: number): number {
  return (100 * findings) / received
}
