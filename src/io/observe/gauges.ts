import { Gauge, type Registry } from 'prom-client'
import { CHUNK_STATES, OUTCOMES, STAGES } from '../../domain/states.ts'
import type { DutyFigures, Figures } from './figures.ts'

/** Makes the gauges of what the database says; the function that comes back sets them all. */
export function figureGauges(registry: Registry): (figures: Figures) => void {
  const gauge = gaugesOf(registry)
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
  const age = gauge('titian_figures_age_seconds', 'seconds since the figures of the database were counted')
  const setDuty = dutyGauges(registry)

  return (figures) => {
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
    age.set(figures.age)
    setDuty(figures.duty)
  }
}

function dutyGauges(registry: Registry): (duty: DutyFigures) => void {
  const gauge = gaugesOf(registry)
  const settling = gauge('titian_batch_settle_seconds', 'receipt to settled, of the last hour', 'quantile')
  const settled = gauge('titian_batches_settled_last_hour', 'pushes that settled within the last hour')
  const oldestChunk = gauge('titian_oldest_chunk_seconds', 'age of the oldest chunk that waits for a stage', 'stage')
  const canary = gauge(
    'titian_canary_age_seconds',
    'time since a marker last came through the queue of a stage and lane; one is sent every 15 s',
    'stage',
    'lane',
  )
  const stuck = gauge('titian_stuck_chunks', 'chunks claimed again and again without progress')
  const silentUploads = gauge('titian_silent_uploads', 'uploads that began and of which nothing is heard')
  const held = gauge('titian_held_entries', 'held entries that nothing has corrected')
  const breaches = gauge('titian_breaches_untold', 'breaches of which no notice was given yet')
  const breachLeft = gauge('titian_breach_left_seconds', 'until the first of them is due by law; 0 where there is none')
  const requests = gauge(
    'titian_requests_open',
    'what persons asked for and was not done yet, where the law gives a time',
  )
  const requestLeft = gauge(
    'titian_request_left_seconds',
    'until the first of them is due by law; three days where there is none',
  )
  const oldestHeld = gauge('titian_oldest_held_seconds', 'age of the oldest held entry that nothing has corrected')
  const reviews = gauge('titian_open_reviews', 'possible matches that wait for a steward')
  const oldestReview = gauge('titian_oldest_review_seconds', 'age of the oldest possible match without a decision')
  const delivering = gauge('titian_delivery_lag_seconds', 'composed to acknowledged, of the last hour', 'quantile')
  const delivered = gauge('titian_deliveries_last_hour', 'deliveries acknowledged within the last hour')
  const breaker = gauge('titian_breaker_open', '1 while the receiver is left alone', 'destination')
  const failures = gauge('titian_destination_failures', 'failures of a receiver in a row', 'destination')
  const lastPush = gauge('titian_platform_last_push_seconds', 'time since the last push of a platform', 'platform')
  const silent = gauge('titian_platform_silent_seconds', 'time beyond the cadence of the agreement', 'platform')
  const agreement = gauge('titian_agreement_left_seconds', 'time until the agreement ends', 'platform')
  const processes = gauge('titian_processes', 'processes that have shown themselves within a minute', 'kind')
  const bytes = gauge('titian_database_bytes', 'size of the database')
  const connections = gauge('titian_database_connection_share', 'connections in use, of those that there are')

  return (duty) => {
    setQuantiles(settling, duty.settling)
    settled.set(duty.settling.count)
    for (const stage of STAGES) oldestChunk.set({ stage }, duty.oldestChunk[stage] ?? 0)
    stuck.set(duty.stuckChunks)
    silentUploads.set(duty.silentUploads)
    held.set(duty.held.entries)
    breaches.set(duty.breaches.open)
    breachLeft.set(duty.breaches.left)
    requests.set(duty.requests.open)
    requestLeft.set(duty.requests.left)
    oldestHeld.set(duty.held.oldest)
    reviews.set(duty.reviews.open)
    oldestReview.set(duty.reviews.oldest)
    setQuantiles(delivering, duty.delivering)
    delivered.set(duty.delivering.count)
    for (const { stage, lane, seconds } of duty.canaries) canary.set({ stage, lane }, seconds)
    for (const labelled of [breaker, failures, lastPush, silent, agreement, processes]) labelled.reset()
    for (const { name: destination, isOpen, failures: count } of duty.destinations) {
      breaker.set({ destination }, isOpen ? 1 : 0)
      failures.set({ destination }, count)
    }
    for (const one of duty.platforms) {
      lastPush.set({ platform: one.name }, one.lastPush)
      silent.set({ platform: one.name }, one.silent)
      agreement.set({ platform: one.name }, one.agreementLeft)
    }
    for (const [kind, count] of Object.entries(duty.processes)) processes.set({ kind }, count)
    bytes.set(duty.databaseBytes)
    connections.set(duty.connectionShare)
  }
}

function gaugesOf(registry: Registry) {
  return <T extends string = never>(name: string, help: string, ...labelNames: T[]) =>
    new Gauge({ name, help, labelNames, registers: [registry] })
}

function setQuantiles(gauge: Gauge<'quantile'>, { median, p95, longest }: DutyFigures['settling']): void {
  gauge.set({ quantile: '0.5' }, median)
  gauge.set({ quantile: '0.95' }, p95)
  gauge.set({ quantile: '1' }, longest)
}
