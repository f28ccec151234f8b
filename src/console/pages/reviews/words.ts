import { speaking, type Words } from '../../../web/speaking.ts'
import type { Word } from '../../../web/words.ts'
import type { MenuRow } from '../../menu.ts'

export const REVIEW_MENU: MenuRow = {
  path: '/console/reviews',
  text: { id: 'Peninjauan', en: 'Reviews' },
  right: 'reviews',
  also: '/console/persons',
}

const REVIEW_WORDS = {
  reviewsLead: {
    id: 'Pasangan data yang belum pasti orangnya. Data pribadi hanya tampak di halaman masing-masing, dan setiap pembukaan dicatat.',
    en: 'Pairs of records that may or may not be one person. Personal data shows only on the page of each, and every reading is written down.',
  },
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
  seconded: { id: 'menunggu pendapat kedua', en: 'waits for a second opinion' },
  reviewTitle: {
    id: 'Apakah ini orang yang sama?',
    en: 'Are these the same person?',
  },
  reviewLead: {
    id: 'Bobot positif mendukung satu orang, bobot negatif mendukung dua orang; keduanya dalam bit. Yang tidak diketahui tidak berbobot.',
    en: 'A positive weight speaks for one person, a negative one for two; both in bits. What is unknown has no weight.',
  },
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
  howAlike: { id: 'Bagaimana keduanya mirip', en: 'How the two are alike' },
  mineTab: { id: 'Putusan saya', en: 'My decisions' },
  noneHere: {
    id: 'Tidak ada yang cocok di bagian daftar ini; lihat halaman berikutnya.',
    en: 'Nothing fits in this part of the list; see the next page.',
  },
  anyRule: { id: 'semua aturan', en: 'any rule' },
  noRule: { id: 'tanpa aturan', en: 'no rule' },
  askedSince: { id: 'Umur', en: 'Age' },
  anyAge: { id: 'semua umur', en: 'any age' },
  days: { id: 'hari', en: 'days' },
  saveNext: { id: 'Simpan, lalu berikutnya', en: 'Save, then the next one' },
  keys: {
    id: 'Tombol pintas peramban (misalnya Alt+Shift atau Alt): 1 sama, 2 berbeda, 3 nanti, 4 simpan dan berikutnya.',
    en: 'Access keys of the browser (such as Alt+Shift or Alt): 1 the same, 2 two people, 3 later, 4 save and next.',
  },
  familyOfA: { id: 'Keluarga data A', en: 'Family of record A' },
  familyOfB: { id: 'Keluarga data B', en: 'Family of record B' },
  familyOfBoth: { id: 'Satu keluarga: data A dan data B', en: 'One family: record A and record B' },
  families: { id: 'Keluarga keduanya', en: 'The families of both' },
  backToIt: { id: 'Lihat lagi', en: 'Look at it again' },
  reverse: { id: 'Saya salah memutuskan', en: 'I decided wrongly' },
  reverseSame: {
    id: 'Putusan menjadi “orang yang berbeda”: kedua orang dipisahkan lagi, yang dahulu punya nomor sendiri mendapatnya kembali, dan BPS diberi tahu. Hanya selama tidak ada data lain yang menyusul.',
    en: 'The decision becomes “two people”: the two are parted again, who had an id of their own gets it back, and BPS is told. Only while no other record came after it.',
  },
  reverseDifferent: {
    id: 'Putusan menjadi “orang yang sama”: kedua orang digabungkan, dan BPS diberi tahu. Hanya selama tidak ada data lain yang menyusul.',
    en: 'The decision becomes “the same person”: the two are merged, and BPS is told. Only while no other record came after it.',
  },
  doReverse: { id: 'Balik putusan saya', en: 'Turn my decision round' },
  savedReversed: { id: 'Dicatat: putusan dibalik.', en: 'Saved: the decision is turned round.' },
  refusedOpen: { id: 'Belum diputuskan.', en: 'It is not decided yet.' },
  refusedNotOwn: {
    id: 'Hanya yang memutuskan dapat membaliknya. Gunakan halaman orang.',
    en: 'Only who decided it can turn it round. Use the page of the person.',
  },
  refusedNotYet: {
    id: 'Putusan ini masih dikerjakan. Coba lagi sebentar lagi.',
    en: 'The decision is still being worked. Try again in a moment.',
  },
  refusedBuiltOn: {
    id: 'Sejak putusan ini ada data atau putusan lain tentang orang yang sama. Gunakan halaman orang.',
    en: 'Other records or decisions about the same person came after this one. Use the page of the person.',
  },
  personPage: { id: 'Halaman orang', en: 'Page of the person' },
  thisOne: { id: 'yang dibahas', en: 'the one in question' },
  noMembers: { id: 'Tidak ada anggota yang diketahui.', en: 'No member is known.' },
  moreMembers: { id: 'Masih ada anggota lain.', en: 'There are more members.' },
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
} as const satisfies Words

export type ReviewWord = keyof typeof REVIEW_WORDS | Word

/** A text of these pages in the language of the view. */
export const sayReview = speaking(REVIEW_WORDS)

/** Reasons that are often given, to choose from or to write another. */
export const REASONS: readonly Words[string][] = [
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
