import type { Outcome } from '../../domain/states.ts'

/** How long something took, over the last hour: the middle, the slowest twentieth, the slowest. Seconds; 0 when nothing was done. */
export type Durations = { count: number; median: number; p95: number; longest: number }

/** What whoever is on duty is measured by; ages and durations in seconds, 0 where there is nothing. */
export type DutyFigures = {
  /** From receipt to the end of the last chunk, of batches that settled within the last hour. */
  settling: Durations
  /** Age of the oldest chunk that waits for a stage, by stage. */
  oldestChunk: Record<string, number>
  /** For each stage and lane, how long ago a marker last came through its queue. */
  canaries: { stage: string; lane: string; seconds: number }[]
  /** Chunks that were claimed again and again without progress. */
  stuckChunks: number
  /** Uploads that began, and of which nothing was heard for minutes. */
  silentUploads: number
  /** Held entries that no later push has corrected. */
  held: { entries: number; oldest: number }
  reviews: { open: number; oldest: number }
  /** Breaches of which no notice was given, and until the first is due by law; negative when it is late, 0 where there is none. */
  breaches: { open: number; left: number }
  /** The same of what persons asked for, where the law gives a time. */
  requests: { open: number; left: number }
  /** From composing to the receiver's receipt, of what was acknowledged within the last hour. */
  delivering: Durations
  /** Receivers that deliveries are pushed to. */
  destinations: { name: string; failures: number; isOpen: boolean }[]
  platforms: PlatformFigures[]
  /** Processes by kind that have shown themselves within the last minute. */
  processes: Record<string, number>
  databaseBytes: number
  /** Share of the server's connections that are in use. */
  connectionShare: number
}

type PlatformFigures = {
  name: string
  /** Since its last push, or since it may push where it never has. */
  lastPush: number
  /** By how much that is longer than its agreement allows. */
  silent: number
  /** Until its agreement ends; negative when it has. */
  agreementLeft: number
}

/** The state of the whole gateway in numbers. */
export type Figures = {
  entries: Record<Outcome | 'pending', number>
  /** How many chunks are in which state; a state without chunks may be absent. */
  chunks: Record<string, number>
  /** received − everything accounted for, over all batches: always 0. */
  gap: number
  oldestSeconds: number
  dueNotDispatched: number
  openDeliveries: number
  /** Webhooks by how they fare, messages that wait, and the age of the oldest event without messages. */
  webhooks: { enabled: number; disabled: number; failing: number; due: number; oldestSeconds: number }
  /** How many deliveries are how far; one that none is may be absent. */
  deliveries: Record<string, number>
  /** Age of the oldest delivery that is not acknowledged. */
  oldestOpenSeconds: number
  /** New and updated entries in deliveries that are not acknowledged. */
  openEntries: number
  /** Seconds since the audit log was last found to be under a signed checkpoint. */
  auditSeconds: number
  duty: DutyFigures
  /** Seconds since the figures were counted: they are counted once for all processes. */
  age: number
}
