import type { Language } from '../io/http/language.ts'
import type { View } from '../web/page.ts'

/** Every text of the portal, in the order in which people meet them. */
const PORTAL_WORDS = {
  signIn: { id: 'Masuk', en: 'Sign in' },
  signInLead: {
    id: 'Untuk kantor yang mengirim data tanpa program sendiri. Nama klien dan kata rahasianya diberikan oleh pengelola gerbang.',
    en: 'For offices that send data without a program of their own. The operators of the gateway give you a client id and its secret.',
  },
  client: { id: 'Nama klien', en: 'Client id' },
  secret: { id: 'Kata rahasia', en: 'Secret' },
  wrong: { id: 'Nama klien atau kata rahasianya salah.', en: 'The client id or its secret is wrong.' },
  notPlatform: { id: 'Klien ini bukan milik daerah.', en: 'This client does not speak for a region.' },
  slow: {
    id: 'Terlalu banyak percobaan. Tunggu sebentar, lalu coba lagi.',
    en: 'Too many attempts. Wait a moment, then try again.',
  },
  signOut: { id: 'Keluar', en: 'Sign out' },
  ended: { id: 'Sesi berakhir. Silakan masuk lagi.', en: 'The session has ended. Please sign in again.' },
  send: { id: 'Kirim berkas', en: 'Send a file' },
  results: { id: 'Hasil dan calon', en: 'Results and candidates' },
  sendLead: {
    id: 'Pilih jenis data dan berkasnya. Unggahan yang terputus dilanjutkan dari tempat berhentinya.',
    en: 'Choose what the file holds, and the file. An upload that breaks off goes on where it stopped.',
  },
  dataset: { id: 'Jenis data', en: 'What the file holds' },
  file: { id: 'Berkas', en: 'File' },
  drop: { id: 'atau letakkan berkas di sini', en: 'or drop the file here' },
  kinds: {
    id: 'CSV, Excel (.xlsx), NDJSON atau JSON; boleh dipadatkan (.gz, .zst)',
    en: 'CSV, Excel (.xlsx), NDJSON or JSON, also compressed (.gz, .zst)',
  },
  upload: { id: 'Unggah', en: 'Upload' },
  progress: { id: 'Kemajuan unggahan', en: 'Progress of the upload' },
  uploading: { id: 'Mengunggah …', en: 'Uploading …' },
  paused: { id: 'Sambungan terputus, dicoba lagi …', en: 'The connection broke, trying again …' },
  reading: { id: 'Berkas sudah sampai dan sedang dibaca …', en: 'The file has arrived and is being read …' },
  failed: { id: 'Tidak diterima', en: 'Not taken' },
  left: { id: 'tersisa', en: 'left' },
  nothing: { id: 'Pilih berkasnya dahulu.', en: 'Choose a file first.' },
  noDataset: { id: 'Tidak ada perjanjian yang berlaku.', en: 'There is no agreement in force.' },
  corrections: {
    id: 'Data yang diminta diperbaiki oleh orangnya (GET /v1/corrections):',
    en: 'Records that persons ask to be corrected (GET /v1/corrections):',
  },
  due: { id: 'batas waktu menurut UU', en: 'due by law' },
  latest: { id: 'Kiriman terakhir', en: 'Latest batches' },
  batch: { id: 'Kiriman', en: 'Batch' },
  at: { id: 'Waktu', en: 'Time' },
  state: { id: 'Keadaan', en: 'State' },
  received: { id: 'Diterima', en: 'Received' },
  accepted: { id: 'Beres', en: 'Settled' },
  new: { id: 'Baru', en: 'New' },
  updated: { id: 'Berubah', en: 'Updated' },
  unchanged: { id: 'Tetap', en: 'Unchanged' },
  held: { id: 'Ditahan', en: 'Held' },
  rejected: { id: 'Ditolak', en: 'Rejected' },
  pending: { id: 'Menunggu', en: 'Pending' },
  corrected: { id: 'Sudah diperbaiki', en: 'Corrected since' },
  receiving: { id: 'sedang diunggah', en: 'uploading' },
  working: { id: 'sedang dikerjakan', en: 'under way' },
  settled: { id: 'selesai', en: 'settled' },
  aborted: { id: 'dibatalkan', en: 'aborted' },
  none: { id: 'Belum ada kiriman.', en: 'There is no batch yet.' },
  allGood: {
    id: 'Semua data beres. Tidak ada yang perlu diperbaiki.',
    en: 'All records are settled. Nothing needs mending.',
  },
  someBad: {
    id: 'data perlu diperbaiki. Unduh barisnya, perbaiki, lalu kirim lagi berkas perbaikannya.',
    en: 'records need mending. Download their rows, mend them, and send the mended file again.',
  },
  allMended: {
    id: 'Semua yang perlu diperbaiki sudah diperbaiki oleh kiriman berikutnya.',
    en: 'Later batches corrected all that needed mending.',
  },
  wait: {
    id: 'Kiriman sedang dikerjakan. Halaman ini memuat ulang sendiri.',
    en: 'The batch is under way. This page reloads by itself.',
  },
  counts: { id: 'Hasil pemeriksaan', en: 'What became of the records' },
  findings: { id: 'Temuan', en: 'Findings' },
  firstFindings: {
    id: 'Data yang ditolak atau ditahan; unduh temuan untuk melihat semuanya',
    en: 'Records that were rejected or held; download the findings for all of them',
  },
  line: { id: 'Baris', en: 'Line' },
  key: { id: 'Kunci', en: 'Key' },
  what: { id: 'Apa yang ditemukan', en: 'What was found' },
  where: { id: 'Tempat', en: 'Place' },
  effect: { id: 'Akibat', en: 'Effect' },
  error: { id: 'ditolak', en: 'rejected' },
  hold: { id: 'ditahan', en: 'held' },
  warning: { id: 'peringatan', en: 'warning' },
  downloads: { id: 'Unduhan', en: 'Downloads' },
  downloadFindings: { id: 'Semua temuan (CSV)', en: 'All findings (CSV)' },
  downloadRejected: { id: 'Baris yang ditolak', en: 'Rejected rows' },
  downloadHeld: { id: 'Baris yang ditahan', en: 'Held rows' },
  downloadUnprocessed: { id: 'Baris yang tidak diproses', en: 'Rows that were not processed' },
  rowsNote: {
    id: 'Perbaiki isinya dan kirim berkasnya lagi; kolom titian_… boleh dibiarkan.',
    en: 'Mend the rows and send the file again; the columns titian_… may stay.',
  },
  rejectedFile: { id: 'ditolak', en: 'rejected' },
  heldFile: { id: 'ditahan', en: 'held' },
  unprocessedFile: { id: 'tidak-diproses', en: 'unprocessed' },
  resultsLead: {
    id: 'Apa kata BPS tentang data yang Anda kirim, dalam kunci dan kode Anda sendiri.',
    en: 'What BPS says of the records that you sent, in your own keys and codes.',
  },
  ofDataset: { id: 'Hasil untuk', en: 'Results for' },
  subjectKey: { id: 'Kunci daerah', en: 'Own key' },
  noResults: { id: 'Belum ada hasil.', en: 'There is no result yet.' },
  candidates: { id: 'Calon penerima program', en: 'Candidates for programmes' },
  candidatesNote: {
    id: 'Daftar calon, bukan keputusan. Daftar dibuat saat diunduh dan pengunduhan dicatat.',
    en: 'Lists of candidates, not decisions. A list is made when it is downloaded, and the download is written down.',
  },
  notAllowed: {
    id: 'Klien ini tidak memiliki izin untuk bagian ini.',
    en: 'This client lacks the scope for this part.',
  },
  trouble: { id: 'Tidak dapat ditampilkan', en: 'This cannot be shown' },
  back: { id: 'Kembali', en: 'Back' },
} as const satisfies Record<string, Record<Language, string>>

export type PortalWord = keyof typeof PORTAL_WORDS

/** A text of the portal in the language of the view. */
export function wordOf({ language }: Pick<View, 'language'>, word: PortalWord): string {
  return PORTAL_WORDS[word][language]
}
