import { speaking, type Words } from '../../../web/speaking.ts'
import type { Word } from '../../../web/words.ts'
import type { MenuRow } from '../../menu.ts'

export const OVERVIEW_MENU: MenuRow = {
  path: '/console',
  text: { id: 'Beranda', en: 'Home' },
  right: 'overview',
}

const OVERVIEW_WORDS = {
  flowClean: { id: 'Diterima, menunggu pembersihan', en: 'Received, to be cleaned' },
  flowLink: { id: 'Bersih, menunggu pengaitan', en: 'Clean, to be linked' },
  flowForward: { id: 'Menunggu BPS', en: 'Awaiting BPS' },
  flowResults: { id: 'Hasil BPS, menunggu dibaca', en: 'Results of BPS, to be read' },
  atWork: { id: 'dikerjakan', en: 'at work' },
  chunksOf: { id: 'potongan', en: 'chunks' },
  deliveriesOf: { id: 'paket', en: 'deliveries' },
  perMinute: { id: 'Selesai per menit', en: 'Settled per minute' },
  oldestWaiting: { id: 'Terlama menunggu', en: 'Oldest waiting' },
  noWorker: { id: 'Tidak ada pekerja yang terlihat, selama', en: 'No worker was seen for' },
  breakerOpen: {
    id: 'BPS tidak dihubungi (pemutus arus terbuka) sampai',
    en: 'BPS is left alone (circuit breaker open) until',
  },
  pausedStages: { id: 'Dihentikan atau dikosongkan', en: 'Paused or drained' },
  stageclean: { id: 'pembersihan', en: 'clean' },
  stagelink: { id: 'pengaitan', en: 'link' },
  stageforward: { id: 'pengiriman ke BPS', en: 'forward' },
  stageresults: { id: 'hasil BPS', en: 'results' },
  alerts: { id: 'Peringatan yang berlaku', en: 'Alerts that hold' },
  alertSince: { id: 'sejak', en: 'since' },
  alertSilent: { id: 'dibisukan sampai', en: 'silent until' },
  platforms: { id: 'Daerah', en: 'Platforms' },
  lastPush: { id: 'Kiriman terakhir', en: 'Last push' },
  cadence: { id: 'Irama', en: 'Cadence' },
  severalADay: { id: 'beberapa kali sehari', en: 'several times a day' },
  every: { id: 'setiap', en: 'every' },
  days: { id: 'hari', en: 'days' },
  agreementEnds: { id: 'Perjanjian berakhir', en: 'Agreement ends' },
  homeLead: {
    id: 'Setiap data yang diterima mendapat tepat satu jawaban. Selisih harus selalu 0.',
    en: 'Every record that is received gets exactly one answer. The gap must always be 0.',
  },
  openReviews: { id: 'Peninjauan terbuka', en: 'Open reviews' },
  gapNote: { id: 'Neraca semua kiriman', en: 'Conservation of all batches' },
  inWork: { id: 'Sedang dikerjakan', en: 'Under way' },
  notDelivered: { id: 'Belum diterima BPS', en: 'Not delivered to BPS' },
  notDeliveredSince: { id: 'data, sejak', en: 'entries, since' },
  heldBack: { id: 'Masih ditahan', en: 'Still held' },
  correctedSince: { id: 'lainnya sudah diperbaiki', en: 'more corrected since' },
  byPlatform: { id: 'Neraca per daerah', en: 'Conservation by platform' },
  allBatches: { id: 'Semua kiriman', en: 'All batches' },
  latestBatches: { id: 'Kiriman terakhir', en: 'Latest batches' },
} as const satisfies Words

export type OverviewWord = keyof typeof OVERVIEW_WORDS | Word

/** A text of these pages in the language of the view. */
export const sayOverview = speaking(OVERVIEW_WORDS)
