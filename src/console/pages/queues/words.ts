import type { Lane, StageName } from '../../../domain/states.ts'
import { speaking, type Words } from '../../../web/speaking.ts'
import type { Word } from '../../../web/words.ts'
import type { MenuRow } from '../../menu.ts'

export const QUEUES_MENU: MenuRow = {
  path: '/console/queues',
  text: { id: 'Antrean', en: 'Queues' },
  right: 'queues',
}

const QUEUE_WORDS = {
  lead: {
    id: 'Apa yang menunggu setiap tahap, menurut basis data. Satu tahap satu daerah dapat dihentikan tanpa memperlambat yang lain.',
    en: 'What waits for each stage, as the database says. One stage of one platform can be stopped without slowing the others.',
  },
  stage: { id: 'Tahap', en: 'Stage' },
  clean: { id: 'pembersihan', en: 'clean' },
  link: { id: 'pengaitan', en: 'link' },
  forward: { id: 'pengiriman ke BPS', en: 'forward' },
  results: { id: 'hasil BPS', en: 'results' },
  chunks: { id: 'Potongan', en: 'Chunks' },
  dispatched: { id: 'Dalam antrean', en: 'Queued' },
  leased: { id: 'Pada pekerja', en: 'At workers' },
  postponed: { id: 'Ditunda', en: 'Postponed' },
  stuck: { id: 'Berulang', en: 'Tried again' },
  oldest: { id: 'Tertua', en: 'Oldest' },
  order: { id: 'Perintah', en: 'Order' },
  paused: { id: 'dihentikan sementara', en: 'paused' },
  draining: { id: 'sedang dikosongkan', en: 'draining' },
  heldByDrain: { id: 'berhenti: tahap sesudahnya dikosongkan', en: 'stopped: a later stage is drained' },
  running: { id: 'berjalan', en: 'running' },
  since: { id: 'sejak', en: 'since' },
  by: { id: 'oleh', en: 'by' },
  pause: { id: 'Hentikan', en: 'Pause' },
  drain: { id: 'Kosongkan', en: 'Drain' },
  resume: { id: 'Lanjutkan', en: 'Resume' },
  orderTitle: { id: 'Hentikan atau kosongkan satu tahap', en: 'Pause or drain a stage' },
  orderNote: {
    id: 'Hentikan: tidak ada yang dikerjakan lagi; yang ada pada pekerja diselesaikan. Kosongkan: tahap ini menyelesaikan yang ada, dan tahap sebelumnya berhenti. Daerah tetap dapat mengirim. Setiap perintah dicatat.',
    en: 'Pause: nothing more is worked; what a worker has is finished. Drain: the stage finishes what it has, and the stages before it stop. Platforms can still push. Every order is written down.',
  },
  nothing: { id: 'Tidak ada yang menunggu.', en: 'Nothing waits.' },
  leasesTitle: { id: 'Yang sedang dikerjakan', en: 'With workers now' },
  chunk: { id: 'Potongan', en: 'Chunk' },
  until: { id: 'Sewa sampai', en: 'Lease until' },
  noLeases: { id: 'Tidak ada yang sedang dikerjakan.', en: 'No worker has anything.' },
  ratesTitle: { id: 'Selesai per menit', en: 'Settled per minute' },
  ratesNote: { id: 'data, rata-rata lima menit terakhir', en: 'entries, on average over the last five minutes' },
  canariesTitle: { id: 'Terakhir menjawab', en: 'Last answered' },
  canariesNote: {
    id: 'Setiap 15 detik satu penanda tanpa data dikirim lewat setiap antrean. Di sini: berapa lama yang lalu yang terakhir kembali.',
    en: 'Every 15 seconds a marker without data goes through each queue. Here: how long ago the last one came through.',
  },
  usual: { id: 'Jalur biasa', en: 'Usual lane' },
  short: { id: 'Jalur pendek', en: 'Short lane' },
  board: { id: 'Pekerjaan dalam BullMQ', en: 'Jobs in BullMQ' },
  savedPause: { id: 'Dicatat: tahap dihentikan.', en: 'Saved: the stage is paused.' },
  savedDrain: { id: 'Dicatat: tahap dikosongkan.', en: 'Saved: the stage is drained.' },
  savedResume: { id: 'Dicatat: tahap dilanjutkan.', en: 'Saved: the stage goes on.' },
} as const satisfies Words & Record<StageName | Lane, unknown>

export type QueueWord = keyof typeof QUEUE_WORDS | Word

/** A text of this page in the language of the view. */
export const sayQueue = speaking(QUEUE_WORDS)
