import { speaking, type Words } from '../../../web/speaking.ts'
import type { Word } from '../../../web/words.ts'
import type { MenuRow } from '../../menu.ts'

export const PLATFORMS_MENU: MenuRow = {
  path: '/console/platforms',
  text: { id: 'Daerah', en: 'Platforms' },
  right: 'platforms',
}

const PLATFORMS_WORDS = {
  platformsLead: {
    id: 'Siapa yang mengirim, berdasarkan perjanjian apa, sampai kapan, dan kapan terakhir mengirim.',
    en: 'Who pushes, under which agreement, until when, and when they pushed last.',
  },
  agreement: { id: 'Perjanjian', en: 'Agreement' },
  validity: { id: 'Berlaku', en: 'Validity' },
  until: { id: 'sampai', en: 'until' },
  notYet: { id: 'belum berlaku', en: 'not in force yet' },
  ended: { id: 'sudah berakhir: kiriman ditolak', en: 'ended: pushes are refused' },
  daysLeft: { id: 'hari lagi', en: 'days left' },
  lastPush: { id: 'Kiriman terakhir', en: 'Last push' },
  neverPushed: { id: 'belum pernah mengirim', en: 'never pushed' },
  datasets: { id: 'Dataset', en: 'Datasets' },
  contact: { id: 'Kontak', en: 'Contact' },
  parties: { id: 'Para pihak', en: 'Parties' },
  purpose: { id: 'Tujuan', en: 'Purpose' },
  legalBasis: { id: 'Dasar hukum', en: 'Legal basis' },
  agreedFields: { id: 'Isian yang disepakati', en: 'Fields that are covered' },
  allFields: { id: 'semua', en: 'all' },
  scopeOfRegions: { id: 'Wilayah (kode BPS)', en: 'Regions (BPS codes)' },
  batchesOf: { id: 'Kiriman', en: 'Batches' },
  shareOfWork: { id: 'Bobot pembagian kerja', en: 'Weight in the sharing of work' },
} as const satisfies Words

export type PlatformsWord = keyof typeof PLATFORMS_WORDS | Word

/** A text of these pages in the language of the view. */
export const sayPlatforms = speaking(PLATFORMS_WORDS)
