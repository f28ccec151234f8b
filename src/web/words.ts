import type { Language } from '../io/http/language.ts'

/** Every text of the console, in the order in which people meet them. */
export const WORDS = {
  skip: { id: 'Langsung ke isi', en: 'Skip to the content' },
  menu: { id: 'Bagian', en: 'Sections' },
  other: { id: 'English', en: 'Bahasa Indonesia' },
  home: { id: 'Beranda', en: 'Home' },
  reviews: { id: 'Peninjauan', en: 'Reviews' },
  queues: { id: 'Antrean', en: 'Queues' },
  docs: { id: 'Dokumen API', en: 'API documents' },
  trouble: { id: 'Tidak dapat ditampilkan', en: 'This cannot be shown' },
  back: { id: 'Kembali ke beranda', en: 'Back to the start' },

  homeLead: {
    id: 'Setiap data yang diterima mendapat tepat satu jawaban. Selisih harus selalu 0.',
    en: 'Every record that is received gets exactly one answer. The gap must always be 0.',
  },
  openReviews: { id: 'Peninjauan terbuka', en: 'Open reviews' },
  gap: { id: 'Selisih', en: 'Gap' },
  gapNote: { id: 'Neraca semua kiriman', en: 'Conservation of all batches' },
  inWork: { id: 'Sedang dikerjakan', en: 'Under way' },
  notDelivered: { id: 'Belum diterima BPS', en: 'Not delivered to BPS' },
  notDeliveredSince: { id: 'data, sejak', en: 'entries, since' },
  heldBack: { id: 'Ditahan', en: 'Held' },
  entries: { id: 'data', en: 'entries' },
  byPlatform: { id: 'Neraca per daerah', en: 'Conservation by platform' },
  latestBatches: { id: 'Kiriman terakhir', en: 'Latest batches' },
  platform: { id: 'Daerah', en: 'Platform' },
  batch: { id: 'Kiriman', en: 'Batch' },
  state: { id: 'Keadaan', en: 'State' },
  received: { id: 'Diterima', en: 'Received' },
  new: { id: 'Baru', en: 'New' },
  updated: { id: 'Berubah', en: 'Updated' },
  unchanged: { id: 'Tetap', en: 'Unchanged' },
  rejected: { id: 'Ditolak', en: 'Rejected' },
  held: { id: 'Ditahan', en: 'Held' },
  pending: { id: 'Menunggu', en: 'Pending' },
  stateReceiving: { id: 'sedang diunggah', en: 'uploading' },
  stateReceived: { id: 'dikerjakan', en: 'under way' },
  stateSettled: { id: 'selesai', en: 'settled' },
  kindWithdrawal: { id: 'penarikan', en: 'withdrawal' },
  aborted: { id: 'dibatalkan', en: 'aborted' },
  snapshot: { id: 'snapshot', en: 'snapshot' },
  snapshotHeld: { id: 'snapshot ditahan: perlu keputusan', en: 'snapshot held: needs a decision' },
  noBatches: { id: 'Belum ada kiriman.', en: 'There is no batch yet.' },

  reviewsLead: {
    id: 'Pasangan data yang belum pasti orangnya. Data pribadi hanya tampak di halaman masing-masing, dan setiap pembukaan dicatat.',
    en: 'Pairs of records that may or may not be one person. Personal data shows only on the page of each, and every reading is written down.',
  },
  open: { id: 'Terbuka', en: 'Open' },
  decided: { id: 'Diputuskan', en: 'Decided' },
  noReviews: {
    id: 'Tidak ada peninjauan di sini.',
    en: 'There is no review here.',
  },
  review: { id: 'Peninjauan', en: 'Review' },
  recordA: { id: 'Data A', en: 'Record A' },
  recordB: { id: 'Data B', en: 'Record B' },
  score: { id: 'Nilai (bit)', en: 'Score (bits)' },
  askedAt: { id: 'Diajukan pada', en: 'Asked at' },
  decision: { id: 'Putusan', en: 'Decision' },
  more: { id: 'Berikutnya', en: 'Next page' },
  seconded: { id: 'menunggu pendapat kedua', en: 'waits for a second opinion' },

  reviewTitle: {
    id: 'Apakah ini orang yang sama?',
    en: 'Are these the same person?',
  },
  reviewLead: {
    id: 'Bobot positif mendukung satu orang, bobot negatif mendukung dua orang; keduanya dalam bit. Yang tidak diketahui tidak berbobot.',
    en: 'A positive weight speaks for one person, a negative one for two; both in bits. What is unknown has no weight.',
  },
  field: { id: 'Isian', en: 'Field' },
  agreement: { id: 'Kecocokan', en: 'Agreement' },
  weight: { id: 'Bobot', en: 'Weight' },
  prior: { id: 'Peluang awal', en: 'Prior odds' },
  priorNote: {
    id: 'sebelum apa pun dibandingkan',
    en: 'before anything is compared',
  },
  override: { id: 'Aturan', en: 'Rule' },
  total: { id: 'Jumlah', en: 'Sum' },
  chance: { id: 'peluang satu orang', en: 'chance of one person' },
  compared: { id: 'Yang dibandingkan', en: 'What is compared' },
  others: { id: 'Isian lain', en: 'Other fields' },
  ofThem: { id: 'berbeda:', en: 'different:' },
  unknown: { id: 'tidak diketahui', en: 'unknown' },
  source: { id: 'Sumber', en: 'Source' },
  erased: { id: 'sudah dihapus', en: 'erased meanwhile' },

  decide: { id: 'Putusan Anda', en: 'Your decision' },
  same: { id: 'Orang yang sama', en: 'The same person' },
  sameNote: {
    id: 'Kedua data digabungkan.',
    en: 'The two records are merged.',
  },
  different: { id: 'Orang yang berbeda', en: 'Two people' },
  differentNote: {
    id: 'Tetap terpisah, dan tidak ditanyakan lagi.',
    en: 'They stay apart and are not asked about again.',
  },
  later: { id: 'Nanti', en: 'Later' },
  laterNote: { id: 'Tetap terbuka.', en: 'It stays open.' },
  reason: { id: 'Alasan', en: 'Reason' },
  reasonNote: {
    id: 'Disimpan tersegel bersama putusan.',
    en: 'It is kept sealed with the decision.',
  },
  save: { id: 'Simpan putusan', en: 'Save the decision' },
  fourEyes: {
    id: 'Putusan baru berlaku setelah wali data kedua sependapat.',
    en: 'A decision counts only when a second steward agrees.',
  },
  firstOpinion: {
    id: 'Pendapat pertama sudah ada, dari',
    en: 'There is a first opinion, by',
  },
  yours: {
    id: 'Anda sudah memberi pendapat; wali data lain harus memberi pendapat kedua.',
    en: 'You have given your opinion; another steward has to give the second.',
  },
  history: { id: 'Riwayat', en: 'History' },
  at: { id: 'Waktu', en: 'Time' },
  who: { id: 'Oleh', en: 'By' },
  what: { id: 'Tindakan', en: 'Action' },
  savedSame: { id: 'Dicatat: orang yang sama.', en: 'Saved: the same person.' },
  savedDifferent: {
    id: 'Dicatat: orang yang berbeda.',
    en: 'Saved: two people.',
  },
  savedLater: { id: 'Dicatat: nanti.', en: 'Saved: later.' },
  savedFirst: {
    id: 'Pendapat pertama dicatat.',
    en: 'The first opinion is saved.',
  },
} as const satisfies Record<string, Record<Language, string>>

export type Word = keyof typeof WORDS

/** Reasons that are often given, to choose from or to write another. */
export const REASONS: readonly Record<Language, string>[] = [
  { id: 'Salah ketik NIK', en: 'The NIK was mistyped' },
  {
    id: 'Salah ketik nama atau tanggal lahir',
    en: 'The name or the birth date was mistyped',
  },
  {
    id: 'Sama setelah dicek pada Dukcapil',
    en: 'The same, as the civil registry says',
  },
  { id: 'Saudara kembar', en: 'Twins' },
  { id: 'Ayah dan anak bernama sama', en: 'Father and son of one name' },
  { id: 'Nama sama, orang lain', en: 'A namesake' },
  { id: 'Perlu dicek di lapangan', en: 'Has to be checked in the field' },
]
