import { speaking, type Words } from '../../../web/speaking.ts'
import type { Word } from '../../../web/words.ts'
import type { MenuRow } from '../../menu.ts'

export const OVERVIEW_MENU: MenuRow = {
  path: '/console',
  text: { id: 'Beranda', en: 'Home' },
  scopes: ['ops', 'steward'],
}

const OVERVIEW_WORDS = {
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
