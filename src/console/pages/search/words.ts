import { speaking, type Words } from '../../../web/speaking.ts'
import type { Word } from '../../../web/words.ts'
import type { MenuRow } from '../../menu.ts'

export const SEARCH_MENU: MenuRow = {
  path: '/console/search',
  text: { id: 'Cari', en: 'Search' },
  right: 'search',
}

const SEARCH_WORDS = {
  lead: {
    id: 'Satu data dan seluruh perjalanannya. Yang dicari tidak pernah tampak di alamat halaman, dan nama tidak dapat dicari.',
    en: "One record and its whole way. What is searched never stands in a page's address, and names cannot be searched.",
  },
  byId: { id: 'Menurut id', en: 'By id' },
  id: { id: 'Id kiriman, paket, atau subjek', en: 'Id of a batch, a delivery or a subject' },
  byKey: { id: 'Menurut kunci daerah', en: "By the platform's own key" },
  key: { id: 'Kunci', en: 'Key' },
  find: { id: 'Cari', en: 'Search' },
  nothing: {
    id: 'Tidak ditemukan. Periksa daerah, jenis data, dan kuncinya.',
    en: 'Not found. Check platform, dataset and key.',
  },
  record: { id: 'Satu data', en: 'One record' },
  came: { id: 'Setiap kali diterima', en: 'Every time it came' },
  outcome: { id: 'Hasil', en: 'Outcome' },
  findings: { id: 'Temuan', en: 'Findings' },
  underWay: {
    id: 'Kirimannya sedang dikerjakan; hasil data ini tampak sesudahnya:',
    en: 'Its batch is being worked; what becomes of this record shows afterwards:',
  },
  releases: { id: 'Apa yang melepasnya', en: 'What releases it' },
  correctedBy: { id: 'diperbaiki oleh', en: 'corrected by' },
  subjects: { id: 'Menjadi siapa', en: 'Whose it is' },
  subject: { id: 'Subjek', en: 'Subject' },
  version: { id: 'Versi', en: 'Version' },
  mergedInto: { id: 'digabungkan ke', en: 'merged into' },
  family: { id: 'Keluarga', en: 'Family' },
  result: { id: 'Kata BPS', en: 'What BPS says' },
  noResult: { id: 'belum ada', en: 'nothing yet' },
  resultactive: { id: 'ditemukan, aktif', en: 'found, active' },
  resultdead: { id: 'meninggal', en: 'dead' },
  resultmoved: { id: 'pindah', en: 'moved' },
  'resultnot-found': { id: 'tidak ditemukan', en: 'not found' },
  resultexcluded: { id: 'dikeluarkan', en: 'excluded' },
  asOfDay: { id: 'per', en: 'as of' },
  noSubjects: {
    id: 'Belum menjadi siapa pun: ditahan, ditolak, atau belum dikaitkan.',
    en: 'Nobody yet: held, rejected, or not linked.',
  },
  sent: { id: 'Ke mana dikirim', en: 'Where it was sent' },
  delivery: { id: 'Paket', en: 'Delivery' },
  notTaken: { id: 'tidak diambil BPS', en: 'not taken by BPS' },
  taken: { id: 'diambil', en: 'taken' },
  nowhere: { id: 'Belum dikirim.', en: 'Not sent yet.' },
  sources: { id: 'Dari data apa saja', en: 'What it is made of' },
  row: { id: 'Data', en: 'Record' },
  former: { id: 'dahulu subjek', en: 'formerly' },
  why: { id: 'Mengapa dikaitkan', en: 'Why they are linked' },
  whyNote: {
    id: 'Bobot positif mendukung satu orang, bobot negatif mendukung dua orang; dalam bit.',
    en: 'A positive weight speaks for one person, a negative one for two; in bits.',
  },
  bits: { id: 'Bit', en: 'Bits' },
  pair: { id: 'Sumber', en: 'Sources' },
  fields: { id: 'Yang dibandingkan', en: 'What is compared' },
  conflicts: { id: 'Isian yang bertentangan', en: 'Fields that contradict' },
  keluarga: { id: 'keluarga', en: 'family' },
  individu: { id: 'individu', en: 'person' },
  statuscomposed: { id: 'disusun', en: 'composed' },
  statussent: { id: 'dikirim', en: 'sent' },
  statusrefused: { id: 'ditolak', en: 'refused' },
  statusacknowledged: { id: 'diterima', en: 'acknowledged' },
} as const satisfies Words

export type SearchWord = keyof typeof SEARCH_WORDS | Word

/** A text of these pages in the language of the view. */
export const saySearch = speaking(SEARCH_WORDS)
