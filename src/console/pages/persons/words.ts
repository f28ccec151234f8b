import { speaking, type Words } from '../../../web/speaking.ts'
import type { Word } from '../../../web/words.ts'

/** Where the page of a person lies; their id comes after. */
export const PERSONS_PATH = '/console/persons'

const PERSON_WORDS = {
  personTitle: { id: 'Satu orang', en: 'A person' },
  personLead: {
    id: 'Semua data sumber yang dianggap satu orang, dan alasannya. Pembukaan halaman ini dicatat.',
    en: 'All source records that are held to be one person, and why. Opening this page is written down.',
  },
  mergedInto: {
    id: 'Nomor yang Anda buka sudah digabungkan ke orang ini:',
    en: 'The id that you opened was merged into this person:',
  },
  redirects: { id: 'Nomor yang mengarah ke sini', en: 'Ids that lead here' },
  version: { id: 'Versi', en: 'Version' },
  sources: { id: 'Data sumber', en: 'Source records' },
  former: { id: 'dahulu', en: 'formerly' },
  golden: { id: 'Data emas', en: 'Golden record' },
  value: { id: 'Isi', en: 'Value' },
  origin: { id: 'Dari', en: 'From' },
  conflicts: { id: 'Yang bertentangan', en: 'Contradictions' },
  noConflicts: { id: 'Sumber-sumbernya tidak bertentangan.', en: 'The sources do not contradict each other.' },
  stands: { id: 'berlaku', en: 'stands' },
  edges: { id: 'Mengapa satu orang', en: 'Why this is one person' },
  pairOf: { id: 'Pasangan', en: 'Pair' },
  decidedSame: { id: 'diputuskan wali data: sama', en: 'a steward decided: the same' },
  decidedDifferent: { id: 'diputuskan wali data: berbeda', en: 'a steward decided: different' },
  moreEdges: {
    id: 'pasangan lain tidak ditampilkan; yang terlemah di atas.',
    en: 'more pairs are not shown; the weakest come first.',
  },
  oneSource: { id: 'Hanya satu sumber: tidak ada yang dikaitkan.', en: 'One source only: nothing was linked.' },
  bits: { id: 'Bobot (bit)', en: 'Weight (bits)' },
  members: { id: 'Anggota keluarga', en: 'Members of the family' },
  noFamily: { id: 'Keluarganya tidak diketahui.', en: 'No family is known.' },
  reviews: { id: 'Peninjauan', en: 'Reviews' },
  unmerge: { id: 'Keluarkan data orang lain', en: 'Take out what is somebody else' },
  unmergeLead: {
    id: 'Centang data yang milik orang lain. Data itu menjadi orang tersendiri, atau kembali menjadi orang sebelum digabungkan; nomor orang ini tetap pada data yang tinggal. Keduanya tidak akan digabungkan lagi, apa pun yang dikirim, dan BPS diberi tahu pada pengiriman berikutnya.',
    en: 'Tick the records that are somebody else. They become a person of their own, or again the person they were before a merge; the id of this person stays with those that stay. The two never meet again, whatever is pushed, and BPS is told in the next delivery.',
  },
  leaves: { id: 'Orang lain', en: 'Somebody else' },
  unmergeReason: { id: 'Disimpan tersegel bersama keputusan.', en: 'It is kept sealed with the decision.' },
  doUnmerge: { id: 'Keluarkan yang dicentang', en: 'Take out what is ticked' },
  forTwo: {
    id: 'Orang ini punya banyak data sumber: baru dipisahkan setelah wali data kedua meminta hal yang sama.',
    en: 'This person has many source records: they are parted when a second steward asks for the same.',
  },
  firstOpinion: { id: 'Yang dicentang diminta oleh', en: 'What is ticked was asked for by' },
  savedNoted: {
    id: 'Pendapat Anda dicatat. Data dikeluarkan setelah wali data kedua meminta hal yang sama.',
    en: 'Your opinion is noted. The records are taken out when a second steward asks for the same.',
  },
  savedParted: {
    id: 'Dicatat. Data yang dicentang dikeluarkan begitu kiriman ini selesai dikerjakan:',
    en: 'Saved. What was ticked is taken out as soon as this batch is worked:',
  },
  refusedChanged: {
    id: 'Tidak ada yang dikeluarkan: data orang ini berubah sejak halaman dibuka. Periksa kembali di bawah.',
    en: 'Nothing was taken out: the records of this person changed since the page was opened. Look again below.',
  },
  refusedNoneStays: {
    id: 'Tidak ada yang dikeluarkan: paling sedikit satu data harus tinggal.',
    en: 'Nothing was taken out: at least one record has to stay.',
  },
  refusedNothing: {
    id: 'Tidak ada yang dikeluarkan: centang paling sedikit satu data.',
    en: 'Nothing was taken out: tick at least one record.',
  },
} as const satisfies Words

export type PersonWord = keyof typeof PERSON_WORDS | Word

/** A text of this page in the language of the view. */
export const sayPerson = speaking(PERSON_WORDS)
