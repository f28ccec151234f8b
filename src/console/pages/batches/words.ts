import { speaking, type Words } from '../../../web/speaking.ts'
import type { Word } from '../../../web/words.ts'
import type { MenuRow } from '../../menu.ts'

export const BATCHES_MENU: MenuRow = {
  path: '/console/batches',
  text: { id: 'Kiriman', en: 'Batches' },
  right: 'batches',
}

const BATCH_WORDS = {
  lead: {
    id: 'Semua kiriman, yang terbaru dahulu. Jumlah setiap kiriman selalu menutup: diterima = hasil + menunggu.',
    en: 'All batches, the newest first. The counts of each close: received = outcomes + pending.',
  },
  allDatasets: { id: 'Semua jenis data', en: 'All datasets' },
  allStates: { id: 'Semua keadaan', en: 'All states' },
  onlyHolding: { id: 'Ada data yang masih ditahan', en: 'Still holds entries back' },
  reset: { id: 'Tanpa saringan', en: 'Without filters' },
  noneFound: { id: 'Tidak ada kiriman yang cocok.', en: 'No batch matches.' },
  way: { id: 'Perjalanan', en: 'The way so far' },
  step: { id: 'Langkah', en: 'Step' },
  took: { id: 'Lama', en: 'Took' },
  stepBegan: { id: 'Mulai diunggah', en: 'Upload began' },
  stepReceived: { id: 'Diterima utuh', en: 'Received whole' },
  stepComposed: { id: 'Paket disusun', en: 'Deliveries composed' },
  stepSent: { id: 'Dikirim ke BPS', en: 'Sent to BPS' },
  stepAcknowledged: { id: 'Diterima BPS', en: 'Acknowledged by BPS' },
  stepSettled: { id: 'Selesai', en: 'Settled' },
  stepResults: { id: 'Hasil BPS', en: 'Results from BPS' },
  stepReceipt: { id: 'Bukti terima ditandatangani', en: 'Receipt signed' },
  stepAborted: { id: 'Dibatalkan', en: 'Aborted' },
  notYet: { id: 'belum', en: 'not yet' },
  edition: { id: 'edisi', en: 'edition' },
  chunksLeft: { id: 'Potongan per keadaan', en: 'Chunks by state' },
  chunkreceiving: { id: 'diunggah', en: 'uploading' },
  chunkreceived: { id: 'menunggu pembersihan', en: 'to be cleaned' },
  chunkclean: { id: 'menunggu pengaitan', en: 'to be linked' },
  chunklinked: { id: 'menunggu BPS', en: 'waits for BPS' },
  chunkposted: { id: 'hasil menunggu dibaca', en: 'results to be read' },
  chunksettled: { id: 'selesai', en: 'settled' },
  deliveries: { id: 'Paket untuk BPS', en: 'Deliveries to BPS' },
  delivery: { id: 'Paket', en: 'Delivery' },
  records: { id: 'Rekaman', en: 'Records' },
  noDeliveries: { id: 'Tidak ada yang perlu dikirim.', en: 'Nothing had to be told.' },
  refusedRecords: { id: 'ditolak BPS', en: 'not taken by BPS' },
  statuscomposed: { id: 'disusun', en: 'composed' },
  statussent: { id: 'dikirim', en: 'sent' },
  statusrefused: { id: 'ditolak', en: 'refused' },
  statusacknowledged: { id: 'diterima', en: 'acknowledged' },
  releases: { id: 'Pelepasan', en: 'Releases' },
  codes: { id: 'Temuan', en: 'Findings' },
  allMended: { id: 'semua yang dapat diperbaiki', en: 'all that may be mended' },
  acts: { id: 'Tindakan', en: 'Actions' },
  release: { id: 'Lepas yang ditahan', en: 'Release what is held' },
  releaseNote: {
    id: 'Setelah aturan atau daftar kode diperbaiki: data yang ditahan dikerjakan lagi. Yang menunggu kata seseorang hanya lepas bila temuannya dipilih, dengan alasan.',
    en: 'After a rule or a code list was mended: what is held is worked again. What waits for the word of a person goes only if its finding is chosen, with a reason.',
  },
  retry: { id: 'Coba kirim lagi', en: 'Try the deliveries again' },
  abort: { id: 'Batalkan kiriman', en: 'Abort the batch' },
  abortNote: {
    id: 'Data yang belum dikaitkan ditolak. Ini tidak dapat ditarik kembali.',
    en: 'Entries that are not linked yet are rejected. This cannot be undone.',
  },
  abortSure: { id: 'Ya, batalkan', en: 'Yes, abort it' },
  replay: { id: 'Kerjakan ulang seluruh kiriman', en: 'Work the whole batch again' },
  replayNote: {
    id: 'Baris aslinya dikerjakan lagi sebagai kiriman baru menurut versi dataset sekarang: yang dahulu ditolak atau ditahan karena aturan yang kini diperbaiki akan diterima, yang lain tetap. Hanya untuk kiriman terbaru suatu dataset. Yang pernah dilepas dengan alasan tidak diulang.',
    en: 'Its rows are worked again as a new batch, by the present version of the dataset: what was rejected or held for a rule that is mended now is taken, the rest stays. Only for the newest push of a dataset. What was released with a reason is left as it is.',
  },
  replaySure: { id: 'Kerjakan ulang', en: 'Work it again' },
  savedReplay: {
    id: 'Dicatat: barisnya dikerjakan ulang dalam kiriman ini.',
    en: 'Saved: the rows are worked again in this batch.',
  },
  replayNotSettled: {
    id: 'Tidak dikerjakan ulang: hanya kiriman selesai dari satu berkas yang dapat diulang.',
    en: 'Not worked again: only a settled push of a single file can be.',
  },
  replayOvertaken: {
    id: 'Tidak dikerjakan ulang: sesudahnya ada kiriman yang lebih baru, dan isinya akan tertimpa.',
    en: 'Not worked again: a newer push came after it and would be written over.',
  },
  replayGone: {
    id: 'Tidak dikerjakan ulang: baris aslinya sudah melewati masa simpan.',
    en: 'Not worked again: its rows are past retention.',
  },
  values: { id: 'Lihat isinya', en: 'See the values' },
  valuesNote: {
    id: 'Isi contoh adalah data pribadi: hanya untuk wali data, dan setiap pembukaan dicatat bersama alasannya.',
    en: 'The values of examples are personal data: for stewards only, and every look is written down with its reason.',
  },
  showValues: { id: 'Tampilkan isinya', en: 'Show the values' },
  valuesShown: { id: 'Pembukaan ini dicatat.', en: 'This look is written down.' },
  valueGone: { id: 'tidak ada lagi', en: 'not there any more' },
  rows: { id: 'Unduh barisnya', en: 'Download the rows' },
  rowsNote: {
    id: 'Baris asli berisi data pribadi: hanya untuk wali data, dan setiap unduhan dicatat bersama alasannya.',
    en: 'The rows hold personal data: for stewards only, and every download is written down with its reason.',
  },
  rowsrejected: { id: 'Yang ditolak', en: 'Rejected' },
  rowsheld: { id: 'Yang ditahan', en: 'Held' },
  rowsunprocessed: { id: 'Yang tidak diproses', en: 'Not processed' },
  savedRelease: { id: 'Dilepas: data yang ditahan dikerjakan lagi.', en: 'Released: what was held is worked again.' },
  savedNothing: { id: 'Tidak ada yang dilepas.', en: 'Nothing was released.' },
  savedRetry: { id: 'Dicatat: paketnya dicoba lagi.', en: 'Saved: its deliveries are tried again.' },
  savedAbort: { id: 'Kiriman dibatalkan.', en: 'The batch is aborted.' },
} as const satisfies Words

export type BatchWord = keyof typeof BATCH_WORDS | Word

/** A text of these pages in the language of the view. */
export const sayBatch = speaking(BATCH_WORDS)
