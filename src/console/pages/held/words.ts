import { speaking, type Words } from '../../../web/speaking.ts'
import type { Word } from '../../../web/words.ts'
import type { MenuRow } from '../../menu.ts'

export const HELD_PATH = '/console/held'

export const HELD_MENU: MenuRow = {
  path: HELD_PATH,
  text: { id: 'Ditahan', en: 'Held' },
  right: 'held',
}

const HELD_WORDS = {
  lead: {
    id: 'Data yang ditahan, menurut temuan yang menahannya: apa yang melepasnya, dan siapa yang ditanya. Yang sudah diperbaiki oleh kiriman berikutnya tidak dihitung sebagai ditahan; yang dikirim lagi dan ditahan lagi dihitung sekali.',
    en: 'Entries that are held back, by the finding that holds them: what releases them, and whom to ask. What a later batch corrected does not count as held; what came again and is held again counts once.',
  },
  stillHeld: { id: 'Masih ditahan', en: 'Still held' },
  earlier: { id: 'dari kiriman sebelumnya', en: 'sent before' },
  corrected: { id: 'Diperbaiki', en: 'Corrected' },
  oldest: { id: 'Tertua', en: 'Oldest' },
  cause: { id: 'Temuan', en: 'Finding' },
  releases: { id: 'Apa yang melepasnya', en: 'What releases it' },
  ask: { id: 'Tanyakan kepada', en: 'Whom to ask' },
  noCode: { id: 'Temuan tidak tercatat', en: 'A finding that is not listed' },
  wantsReason: {
    id: 'Perlu kata seseorang: hanya lepas dengan alasan.',
    en: 'Wants the word of a person: released only with a reason.',
  },
  mendOrResend: { id: 'atau daerah memperbaiki dan mengirim lagi', en: 'or the platform corrects it and pushes again' },
  batches: { id: 'kiriman', en: 'batches' },
  look: { id: 'Lihat kirimannya', en: 'See its batches' },
  count: { id: 'Hitung dahulu', en: 'Count first' },
  allCorrected: { id: 'semua sudah diperbaiki atau dikirim lagi', en: 'all of it corrected or sent again' },
  none: { id: 'Tidak ada yang ditahan.', en: 'Nothing is held.' },
  notAll: {
    id: 'Yang terlama saja yang dihitung; masih ada lagi.',
    en: 'Only the oldest are counted; there are more.',
  },
  only: { id: 'Hanya temuan', en: 'Only the finding' },
  showAll: { id: 'tampilkan semua', en: 'show all' },
  confirm: { id: 'Lepas menurut saringan ini?', en: 'Release by this filter?' },
  willRelease: { id: 'data akan dikerjakan lagi, dari', en: 'entries will be worked again, of' },
  alsoCorrected: {
    id: 'yang sudah diperbaiki ikut dikerjakan lagi:',
    en: 'corrected ones that are worked again, too:',
  },
  alsoEarlier: {
    id: 'kiriman sebelumnya dari data yang sama ikut dikerjakan lagi:',
    en: 'earlier ones of the same, worked again before them:',
  },
  release: { id: 'Lepas', en: 'Release' },
  released: { id: 'Dilepas dan dikerjakan lagi:', en: 'Released and worked again:' },
  goneEntries: { id: 'baris aslinya sudah dihapus:', en: 'source records past their retention:' },
  cancel: { id: 'Tidak jadi', en: 'Leave it' },
  nothingNow: { id: 'Tidak ada lagi yang cocok dengan saringan ini.', en: 'Nothing matches this filter any more.' },
} as const satisfies Words

export type HeldWord = keyof typeof HELD_WORDS | Word

/** A text of these pages in the language of the view. */
export const sayHeld = speaking(HELD_WORDS)
