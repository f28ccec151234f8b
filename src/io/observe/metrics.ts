import type pg from 'pg'
import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client'
import { CHUNK_STATES, OUTCOMES, type Outcome } from '../../domain/states.ts'

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
}

/** What this process counts, and what it reads from the database when asked; no label ever names a person or a record. */
export type Metrics = {
  /** The page for Prometheus. */
  page(): Promise<{ type: string; text: string }>
  chunkSeconds: Histogram<'stage' | 'result'>
  staleEpochs: Counter<'stage' | 'moment'>
  swept: Counter<'task'>
  dispatched: Counter
  oversizedBlocks: Counter
  linkedAnew: Counter
}

/** Opens the metrics of one process; `readFigures` reads those of the database and is called at each look. */
export function openMetrics({
  db,
  readFigures,
}: {
  db: pg.Pool
  readFigures: (db: pg.Pool) => Promise<Figures>
}): Metrics {
  const registry = new Registry()
  const registers = [registry]
  collectDefaultMetrics({ register: registry })
  const gauge = <T extends string = never>(name: string, help: string, ...labelNames: T[]) =>
    new Gauge({ name, help, labelNames, registers })
  const gap = gauge('titian_conservation_gap', 'entries received but in no outcome and not pending: always 0')
  const entries = gauge('titian_entries', 'entries by outcome', 'outcome')
  const chunks = gauge('titian_chunks', 'chunks by state', 'state')
  const oldest = gauge('titian_oldest_unfinished_seconds', 'age of the oldest unfinished batch')
  const waiting = gauge('titian_due_not_dispatched', 'chunks that are due and not dispatched')
  const open = gauge('titian_open_deliveries', 'deliveries not yet acknowledged')
  const webhooks = gauge('titian_webhooks', 'webhooks by state; a failing one is enabled too', 'state')
  const messages = gauge('titian_webhook_messages_due', 'messages that wait for webhooks')
  const unplanned = gauge(
    'titian_oldest_unplanned_event_seconds',
    'age of the oldest event that no worker has looked at',
  )
  const deliveries = gauge('titian_deliveries', 'deliveries by how far they are', 'status')
  const oldestOpen = gauge('titian_oldest_open_delivery_seconds', 'age of the oldest delivery not yet acknowledged')
  const openEntries = gauge(
    'titian_open_delivery_entries',
    'new and updated entries in deliveries not yet acknowledged',
  )
  const audit = gauge(
    'titian_audit_unconfirmed_seconds',
    'time since the audit log was last under a signed checkpoint; one is made each minute',
  )
  const pool = gauge('titian_pool_waiting', 'who waits for a database connection of this process')

  return {
    async page() {
      const figures = await readFigures(db)
      gap.set(figures.gap)
      for (const outcome of [...OUTCOMES, 'pending'] as const) entries.set({ outcome }, figures.entries[outcome])
      for (const state of CHUNK_STATES) chunks.set({ state }, figures.chunks[state] ?? 0)
      oldest.set(figures.oldestSeconds)
      waiting.set(figures.dueNotDispatched)
      open.set(figures.openDeliveries)
      for (const state of ['enabled', 'disabled', 'failing'] as const) webhooks.set({ state }, figures.webhooks[state])
      messages.set(figures.webhooks.due)
      unplanned.set(figures.webhooks.oldestSeconds)
      deliveries.reset()
      for (const [status, count] of Object.entries(figures.deliveries)) deliveries.set({ status }, count)
      oldestOpen.set(figures.oldestOpenSeconds)
      openEntries.set(figures.openEntries)
      audit.set(figures.auditSeconds)
      pool.set(db.waitingCount)
      return { type: registry.contentType, text: await registry.metrics() }
    },
    chunkSeconds: new Histogram({
      name: 'titian_chunk_seconds',
      help: 'time a stage took for a chunk',
      labelNames: ['stage', 'result'],
      buckets: [0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30],
      registers,
    }),
    staleEpochs: new Counter({
      name: 'titian_stale_epochs_total',
      help: 'dispatches and commits refused because the chunk had been taken over',
      labelNames: ['stage', 'moment'],
      registers,
    }),
    swept: new Counter({
      name: 'titian_swept_total',
      help: 'what the sweeper mended',
      labelNames: ['task'],
      registers,
    }),
    dispatched: new Counter({ name: 'titian_dispatched_total', help: 'chunks dispatched by this process', registers }),
    oversizedBlocks: new Counter({
      name: 'titian_oversized_blocks_total',
      help: 'blocks of records that were too large to be compared',
      registers,
    }),
    linkedAnew: new Counter({
      name: 'titian_linked_anew_entries_total',
      help: 'entries that were linked anew, since another worker had changed what they depend on',
      registers,
    }),
  }
}
