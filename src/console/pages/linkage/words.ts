import { speaking, type Words } from '../../../web/speaking.ts'
import type { Word } from '../../../web/words.ts'
import type { MenuRow } from '../../menu.ts'

export const LINKAGE_MENU: MenuRow = {
  path: '/console/linkage',
  text: { id: 'Pengaitan', en: 'Linkage' },
  right: 'linkage',
}

const LINKAGE_WORDS = {
  linkageLead: {
    id: 'Bagaimana data menjadi orang: modelnya, ambangnya, dan apa yang tampak pada data yang ada. Angka contoh berasal dari data yang diambil acak; tidak ada isi data yang tampak di sini.',
    en: 'How records become persons: the model, its thresholds, and what shows in the registry. Figures of a sample are of records drawn by lot; no content of a record shows here.',
  },
  asJson: { id: 'Unduh angka sebagai JSON', en: 'Download the figures as JSON' },
  model: { id: 'Model', en: 'Model' },
  trainedOn: { id: 'dilatih atas', en: 'trained on' },
  records: { id: 'data', en: 'records' },
  priorBits: { id: 'Peluang awal (bit)', en: 'Prior (bits)' },
  thresholdSame: { id: 'Satu orang', en: 'One person' },
  thresholdUnsure: { id: 'Ditanyakan', en: 'Asked' },
  thresholdApart: { id: 'Dipisahkan', en: 'Kept apart' },
  fromBits: { id: 'mulai (bit)', en: 'from (bits)' },
  toBits: { id: 'sampai (bit)', en: 'down to (bits)' },
  reviewed: { id: 'Ambang dan putusan wali data', en: 'Thresholds and what stewards decided' },
  reviewedLead: {
    id: 'Semua pasangan yang pernah ditanyakan, menurut bobotnya: hijau sama, merah berbeda, abu-abu belum diputuskan.',
    en: 'All pairs that were ever asked about, by their weight: green the same, red two people, grey not decided.',
  },
  noReviewed: { id: 'Belum ada pasangan yang ditanyakan.', en: 'No pair was asked about yet.' },
  threshold: { id: 'Ambang (bit)', en: 'Threshold (bits)' },
  decidedAbove: { id: 'Diputuskan, dari ambang ini', en: 'Decided, from here on' },
  sameAbove: { id: 'Satu orang', en: 'One person' },
  right: { id: 'Tepat', en: 'Right' },
  ofAllSame: { id: 'Dari semua yang sama', en: 'Of all the same' },
  linkedPairs: { id: 'Pasangan yang dikaitkan', en: 'Linked pairs' },
  linkedLead: {
    id: 'Pasangan data milik satu orang dalam contoh, menurut bobotnya. Yang di kiri ambang dikaitkan lewat data ketiga atau oleh wali data.',
    en: 'Pairs of records of one person in the sample, by their weight. Those left of the threshold are linked by a third record or by a steward.',
  },
  noLinked: { id: 'Dalam contoh belum ada orang dengan dua data.', en: 'No person in the sample has two records yet.' },
  sample: { id: 'Yang tidak terkait', en: 'What is not linked' },
  sampled: { id: 'Data dalam contoh', en: 'Records in the sample' },
  alone: { id: 'Satu-satunya data orangnya', en: 'The only record of their person' },
  withoutKey: { id: 'Tidak dapat dicari', en: 'Cannot be found' },
  withoutKeyNote: {
    id: 'tanpa NIK, dan tanpa nama atau tanggal lahir',
    en: 'without a NIK, and without name or birth date',
  },
  unlinkable: { id: 'Tidak dapat dikaitkan', en: 'Cannot be linked' },
  unlinkableNote: {
    id: 'isinya begitu sedikit, sehingga salinannya pun tidak akan dikaitkan',
    en: 'so little is stated that not even a copy would be linked',
  },
  sizes: { id: 'Besar orang', en: 'Sizes of persons' },
  sizesLead: {
    id: 'Berapa data sumber yang membentuk satu orang, dihitung atas paling banyak 20.000 data yang diambil acak. Orang dengan banyak data patut diperiksa.',
    en: 'How many source records make one person, over at most 20,000 records drawn by lot. Persons of many records are worth a look.',
  },
  size: { id: 'Data per orang', en: 'Records of a person' },
  persons: { id: 'Orang (dalam contoh)', en: 'Persons (in the sample)' },
  drift: { id: 'Model dan data sekarang', en: 'The model and the data now' },
  driftLead: {
    id: 'm: bagian pasangan satu orang dengan tingkat ini menurut pelatihan; u: bagian pasangan acak; Tampak: bagiannya di antara pasangan yang dikaitkan dalam contoh. Pasangan itu dipilih oleh model sendiri, jadi pergeseran hanya tanda untuk melatih ulang, bukan ukuran ketepatan.',
    en: 'm: the share of pairs of one person at this level, as trained; u: the share of random pairs; seen: its share among linked pairs of the sample. The model itself chose those, so a shift is a sign to train again, no measure of how right it is.',
  },
  ofSame: { id: 'Satu orang (m)', en: 'One person (m)' },
  ofRandom: { id: 'Acak (u)', en: 'Random (u)' },
  seen: { id: 'Tampak', en: 'Seen' },
  stable: { id: 'tetap', en: 'as trained' },
  shifting: { id: 'mulai bergeser', en: 'beginning to shift' },
  shifted: { id: 'bergeser: latih ulang', en: 'shifted: train again' },
  noPairs: { id: 'tidak tampak dalam contoh', en: 'not seen in the sample' },
  fewPairs: { id: 'terlalu sedikit pasangan untuk dinilai', en: 'too few pairs to judge' },
  pairs: { id: 'pasangan', en: 'pairs' },
  index: { id: 'indeks', en: 'index' },
} as const satisfies Words

export type LinkageWord = keyof typeof LINKAGE_WORDS | Word

/** A text of this page in the language of the view. */
export const sayLinkage = speaking(LINKAGE_WORDS)
