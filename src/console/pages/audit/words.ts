import { speaking, type Words } from '../../../web/speaking.ts'
import type { Word } from '../../../web/words.ts'
import type { MenuRow } from '../../menu.ts'

export const AUDIT_PATH = '/console/audit'

export const AUDIT_MENU: MenuRow = {
  path: AUDIT_PATH,
  text: { id: 'Jejak audit', en: 'Audit log' },
  right: 'audit',
}

/** The kinds of things that something was done to. */
export const KINDS: Words = {
  batch: { id: 'kiriman', en: 'batch' },
  'candidate-list': { id: 'daftar calon', en: 'list of candidates' },
  client: { id: 'klien', en: 'client' },
  dataset: { id: 'dataset', en: 'dataset' },
  delivery: { id: 'paket', en: 'delivery' },
  erasure: { id: 'penghapusan', en: 'erasure' },
  family: { id: 'keluarga', en: 'family' },
  feed: { id: 'umpan paket', en: 'feed' },
  key: { id: 'kunci', en: 'key' },
  keys: { id: 'kunci', en: 'keys' },
  labels: { id: 'contoh penilaian', en: 'labelled sample' },
  person: { id: 'orang', en: 'person' },
  platform: { id: 'daerah', en: 'platform' },
  programme: { id: 'program', en: 'programme' },
  review: { id: 'peninjauan', en: 'review' },
  stage: { id: 'tahap', en: 'stage' },
  submission: { id: 'kiriman beberapa berkas', en: 'submission' },
  webhook: { id: 'webhook', en: 'webhook' },
}

const AUDIT_WORDS = {
  auditLead: {
    id: 'Siapa melakukan apa, dan siapa melihat data orang. Yang dicatat adalah tindakan dan nomor, tidak pernah isinya.',
    en: 'Who did what, and who looked at data of persons. Actions and numbers are written down, never a value.',
  },
  auditAt: { id: 'Waktu', en: 'Time' },
  auditActor: { id: 'Pelaku', en: 'Actor' },
  auditAction: { id: 'Tindakan', en: 'Action' },
  auditObject: { id: 'Terhadap', en: 'Object' },
  anyAction: { id: 'semua tindakan', en: 'all actions' },
  auditFrom: { id: 'Sejak', en: 'Since' },
  find: { id: 'Cari', en: 'Search' },
  checkpoint: { id: 'Titik periksa terakhir', en: 'Last checkpoint' },
  rowsSigned: { id: 'baris ditandatangani', en: 'rows signed' },
  noCheckpoint: { id: 'belum ada', en: 'none yet' },
  confirmed: { id: 'Terakhir dipastikan', en: 'Last confirmed' },
  confirmedNote: { id: 'lalu: pohon memuat semua baris', en: 'ago: the tree holds all rows' },
  witnesses: { id: 'Saksi', en: 'Witnesses' },
  witnessesNote: { id: 'ikut menandatangani titik periksa ini', en: 'signed this checkpoint, too' },
  noAudit: { id: 'Tidak ada catatan yang cocok.', en: 'Nothing in the log fits.' },
  auditVerify: {
    id: 'Keutuhan catatan dibuktikan dengan',
    en: 'Whether the log is whole is proven by',
  },
} as const satisfies Words

export type AuditWord = keyof typeof AUDIT_WORDS | Word

/** A text of this page in the language of the view. */
export const sayAudit = speaking(AUDIT_WORDS)
