import type { DutyFigures } from '../../io/observe/figures.ts'
import { type AlertCondition, over, single } from './condition.ts'
import { ONLY_PROMETHEUS } from './only-prometheus.ts'

const HOUR = 3600
const DAY = 24 * HOUR

const byPlatform = (duty: DutyFigures, pick: (platform: DutyFigures['platforms'][number]) => number) =>
  Object.fromEntries(duty.platforms.map((platform) => [platform.name, pick(platform)]))

/** What Prometheus and the product itself both look for. */
const SEEN_BY_BOTH: readonly AlertCondition[] = [
  {
    ...{ name: 'conservation-gap', severity: 'page', minutes: 1, expr: 'max(titian_conservation_gap) != 0' },
    id: 'Ada data yang diterima tetapi tidak terhitung',
    en: 'Entries were received and are not accounted for',
    todo: 'change nothing, keep a backup of this moment, have the file pushed again',
    look: ({ figures }) => (figures.gap === 0 ? [] : [{ of: '', value: figures.gap }]),
  },
  {
    ...{ name: 'upload-silent', severity: 'ticket', minutes: 1, expr: 'max(titian_silent_uploads) > 0' },
    id: 'Pengiriman dimulai lalu tidak berlanjut',
    en: 'An upload began and nothing more is heard of it: a run is about to be lost',
    todo: 'ask the platform whether it sends again',
    look: ({ figures }) => single(0, figures.duty.silentUploads),
  },
  {
    ...{ name: 'platform-silent', severity: 'ticket', minutes: 15 },
    expr: 'max by (platform) (titian_platform_silent_seconds) > 0',
    id: 'Platform tidak mengirim dalam jangka waktu perjanjiannya',
    en: 'A platform has not pushed for longer than its agreement allows',
    todo: 'call the contact of the platform; see whether its calls are refused',
    look: ({ figures }) =>
      over(
        0,
        byPlatform(figures.duty, ({ silent }) => silent),
      ),
  },
  {
    ...{ name: 'agreement-ending', severity: 'ticket', minutes: 15 },
    expr: `min by (platform) (titian_agreement_left_seconds) < ${30 * DAY}`,
    id: 'Perjanjian sebuah platform berakhir dalam 30 hari, atau sudah berakhir',
    en: 'The agreement of a platform ends within 30 days, or has ended',
    todo: 'have the next agreement signed, and write it into the file of the platform',
    look: ({ figures }) =>
      over(
        -30 * DAY,
        byPlatform(figures.duty, ({ agreementLeft }) => -agreementLeft),
      ),
  },
  {
    ...{ name: 'chunk-old', severity: 'page', minutes: 5 },
    expr: 'max by (stage) (titian_oldest_chunk_seconds{stage!="forward"}) > 900',
    id: 'Sebuah bagian kiriman menunggu lebih dari 15 menit',
    en: 'A chunk has been waiting for a stage for more than 15 minutes',
    todo: 'start more workers; see whether one is alive at all',
    look: ({ figures: { duty } }) => {
      const { forward: _, ...stages } = duty.oldestChunk
      return over(900, stages)
    },
  },
  {
    ...{ name: 'canary-old', severity: 'page', minutes: 2 },
    expr: 'max by (stage, lane) (titian_canary_age_seconds) > 180',
    id: 'Antrean sebuah tahap tidak dijawab, walaupun ada pekerja',
    en: 'Nobody answers the queue of a stage, whether there is work or not',
    todo: 'the message says which, and the page Queues; see whether a worker takes that lane, and whether Redis answers; start the workers anew',
    look: ({ figures }) =>
      over(
        180,
        Object.fromEntries(figures.duty.canaries.map(({ stage, lane, seconds }) => [`${stage} ${lane}`, seconds])),
      ),
  },
  {
    ...{ name: 'chunk-stuck', severity: 'page', minutes: 5, expr: 'max(titian_stuck_chunks) > 0' },
    id: 'Sebuah bagian kiriman dicoba berulang kali tanpa kemajuan',
    en: 'A chunk was claimed again and again without progress',
    todo: 'look for the code in the log of the workers; what is poisonous is held by itself',
    look: ({ figures }) => single(0, figures.duty.stuckChunks),
  },
  {
    ...{ name: 'audit-unconfirmed', severity: 'page', minutes: 5, expr: 'max(titian_audit_unconfirmed_seconds) > 900' },
    id: 'Jejak audit belum ditandatangani lebih dari 15 menit',
    en: 'The audit log has had no signed checkpoint for more than 15 minutes',
    todo: 'look for "checkpoint" in the log, then run titian audit verify; after AUDIT_STOP_HOURS nothing new is taken in',
    look: ({ figures }) => single(900, figures.auditSeconds),
  },
  {
    ...{ name: 'settling-slow', severity: 'ticket', minutes: 15 },
    expr: `max(titian_batch_settle_seconds{quantile="0.95"}) > ${HOUR}`,
    id: 'Kiriman selesai lebih lambat dari satu jam',
    en: 'Batches take more than an hour to settle',
    todo: 'see which stage waits',
    look: ({ figures }) => single(HOUR, figures.duty.settling.p95),
  },
  {
    ...{ name: 'delivery-stuck', severity: 'page', minutes: 5 },
    expr: `max(titian_oldest_open_delivery_seconds) > ${HOUR}`,
    id: 'Penyerahan ke BPS belum diterima lebih dari satu jam',
    en: 'A delivery has not been acknowledged for more than an hour',
    todo: 'titian deliveries shows the last answer; once the receiver is back, titian deliveries retry ID',
    look: ({ figures }) => single(HOUR, figures.oldestOpenSeconds),
  },
  {
    ...{ name: 'delivery-refused', severity: 'page', minutes: 1 },
    expr: 'max(titian_deliveries{status="refused"}) > 0',
    id: 'BPS menolak sebuah penyerahan',
    en: 'The receiver refused a delivery',
    todo: 'titian deliveries shows the status of the answer; mend what the receiver refuses, then titian deliveries retry ID',
    look: ({ figures }) => single(0, figures.deliveries.refused ?? 0),
  },
  {
    ...{ name: 'breaker-open', severity: 'page', minutes: 2 },
    expr: 'max by (destination) (titian_breaker_open) == 1',
    id: 'Penerima berulang kali gagal menjawab dan untuk sementara tidak dihubungi',
    en: 'The receiver failed again and again and is left alone for now',
    todo: 'mend the line to the receiver, then titian deliveries retry ID: one is enough',
    look: ({ figures }) =>
      figures.duty.destinations.flatMap(({ name, isOpen, failures }) =>
        isOpen ? [{ of: name, value: failures }] : [],
      ),
  },
  {
    ...{ name: 'breach-untold', severity: 'page', minutes: 0, expr: 'max(titian_breaches_untold) > 0' },
    id: 'Kegagalan pelindungan data belum diberitahukan; batasnya 3 x 24 jam sejak diketahui',
    en: 'A breach of personal data was not told yet; the law gives 3 x 24 hours since it was known',
    todo: 'titian breach list shows when it is due, titian breach notice its text',
    look: ({ figures: { duty } }) => (duty.breaches.open === 0 ? [] : [{ of: '', value: duty.breaches.left }]),
  },
  {
    ...{ name: 'request-due', severity: 'ticket', minutes: 0 },
    expr: `min(titian_request_left_seconds) < ${DAY}`,
    id: 'Permintaan seorang subjek data jatuh tempo dalam 24 jam, atau sudah lewat',
    en: 'What a person asked for is due by law within 24 hours, or late',
    todo: 'what is due: titian subject requests',
    look: ({ figures: { duty } }) =>
      duty.requests.open > 0 && duty.requests.left < DAY ? [{ of: '', value: duty.requests.left }] : [],
  },
  {
    ...{ name: 'held-old', severity: 'ticket', minutes: 15 },
    expr: `max(titian_oldest_held_seconds) > ${14 * DAY}`,
    id: 'Data ditahan lebih dari 14 hari',
    en: 'An entry has been held for more than 14 days',
    todo: 'send the rows back to the platform, mend the code list, or decide the review',
    look: ({ figures }) => single(14 * DAY, figures.duty.held.oldest),
  },
  {
    ...{ name: 'review-old', severity: 'ticket', minutes: 15 },
    expr: `max(titian_oldest_review_seconds) > ${14 * DAY}`,
    id: 'Kemungkinan orang yang sama menunggu keputusan lebih dari 14 hari',
    en: 'A possible match has waited for a decision for more than 14 days',
    todo: 'decide the reviews in the console',
    look: ({ figures }) => single(14 * DAY, figures.duty.reviews.oldest),
  },
  {
    ...{ name: 'webhook-disabled', severity: 'ticket', minutes: 5 },
    expr: 'max(titian_webhooks{state="disabled"}) > 0',
    id: 'Sebuah webhook dimatikan karena terus gagal',
    en: 'A webhook was disabled since it went on failing',
    todo: 'tell the platform; it enables the webhook again',
    look: ({ figures }) => single(0, figures.webhooks.disabled),
  },
  {
    ...{ name: 'worker-missing', severity: 'page', minutes: 2 },
    expr: 'max(titian_processes{kind="worker"}) == 0',
    id: 'Tidak ada pekerja yang hidup',
    en: 'No worker shows itself',
    todo: 'start one: titian work',
    look: ({ figures }) => (figures.duty.processes.worker === 0 ? [{ of: '', value: 0 }] : []),
  },
  {
    ...{ name: 'connections-short', severity: 'ticket', minutes: 5 },
    expr: 'max(titian_database_connection_share) > 0.9',
    id: 'Sambungan basis data hampir habis',
    en: 'The connections of the database are nearly used up',
    todo: 'fewer processes, a smaller DATABASE_CONNECTIONS, or a larger max_connections',
    look: ({ figures }) => single(0.9, figures.duty.connectionShare),
  },
  {
    ...{ name: 'disk-low', severity: 'page', minutes: 5 },
    expr: 'min by (instance, folder) (titian_disk_free_ratio) < 0.1',
    id: 'Ruang disk tinggal kurang dari sepersepuluh',
    en: 'Less than a tenth of a disk is free',
    todo: 'make room or take a larger disk',
    look: ({ disks }) => over(-0.1, Object.fromEntries(Object.entries(disks).map(([name, free]) => [name, -free]))),
  },
]

/** Everything that somebody is called for; the rules for Prometheus are made from it. */
export const CONDITIONS: readonly AlertCondition[] = [...SEEN_BY_BOTH, ...ONLY_PROMETHEUS]
