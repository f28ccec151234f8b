import { speaking, type Words } from '../../../web/speaking.ts'
import type { Word } from '../../../web/words.ts'
import type { MenuRow } from '../../menu.ts'

export const RECONCILIATION_MENU: MenuRow = {
  path: '/console/reconciliation',
  text: { id: 'Rekonsiliasi', en: 'Reconciliation' },
  right: 'reconciliation',
}

const RECONCILIATION_WORDS = {
  reconciliationLead: {
    id: 'Apa yang dikirim daerah, dan apa kata BPS tentangnya dalam satu triwulan. Setiap data yang dikirim ada di tepat satu daftar.',
    en: 'What a region sent, and what BPS says of it in a quarter. Every record that was sent is on exactly one list.',
  },
  levelPersons: { id: 'individu', en: 'persons' },
  levelFamilies: { id: 'keluarga', en: 'families' },
  sentRecords: { id: 'Data yang dikirim', en: 'Records sent' },
  besideThem: { id: 'Di samping itu', en: 'Beside them' },
  listFound: { id: 'Ditemukan, aktif', en: 'Found, active' },
  listNotFound: { id: 'Tidak ditemukan BPS', en: 'Not found by BPS' },
  listDead: { id: 'Meninggal', en: 'Dead' },
  listMovedOut: { id: 'Pindah keluar', en: 'Moved out' },
  listMovedWithin: { id: 'Pindah di dalam daerah', en: 'Moved within the region' },
  listExcluded: { id: 'Dikeluarkan dari DTSEN', en: 'Excluded from DTSEN' },
  listUnanswered: { id: 'Belum ada jawaban', en: 'Not answered' },
  listMovedIn: { id: 'Pindah masuk, belum dikirim', en: 'Moved in, not sent' },
  listNeverSent: { id: 'Ada di DTSEN, belum pernah dikirim', en: 'In DTSEN, never sent' },
  listDuplicates: { id: 'Dua data sendiri, satu subjek', en: 'Two own records, one subject' },
  wordOfBps: { id: 'Pengiriman ke BPS dalam triwulan ini', en: 'Deliveries to BPS in this quarter' },
  deliveriesComposed: { id: 'Disusun', en: 'Composed' },
  deliveriesAcknowledged: { id: 'Diterima BPS', en: 'Acknowledged by BPS' },
  deliveriesSigned: { id: 'Ditandatangani BPS', en: 'Signed for by BPS' },
  nobody: { id: 'Tidak ada.', en: 'Nobody.' },
  nobodyHere: { id: 'Tidak ada di halaman ini; lanjutkan.', en: 'Nobody on this page; go on.' },
} as const satisfies Words

export type ReconciliationWord = keyof typeof RECONCILIATION_WORDS | Word

/** A text of these pages in the language of the view. */
export const sayReconciliation = speaking(RECONCILIATION_WORDS)
