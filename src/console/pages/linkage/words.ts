import { speaking, type Words } from '../../../web/speaking.ts'
import type { Word } from '../../../web/words.ts'
import type { MenuRow } from '../../menu.ts'

export const LINKAGE_MENU: MenuRow = {
  path: '/console/linkage',
  text: { id: 'Pengaitan', en: 'Linkage' },
  right: 'linkage',
}

/** Where the labelled sample lies; a round and a place in it come after. */
export const LABELS_PATH = '/console/linkage/labels'

const LINKAGE_WORDS = {
  labels: { id: 'Seberapa tepat: contoh yang dinilai', en: 'How right it is: the labelled sample' },
  labelsLead: {
    id: 'Pasangan data yang dibandingkan ditarik acak menurut lapisan, dan wali data menilainya tanpa melihat kata model. Setiap pasangan mewakili lapisannya. Yang tidak pernah dibandingkan tidak tampak di sini; penilaian tidak mengubah apa pun.',
    en: 'Pairs of records that are compared are drawn by lot from strata, and stewards label them without seeing what the model says. Each pair stands for its stratum. What is never compared does not show here; a label changes nothing.',
  },
  noRound: { id: 'Belum ada contoh yang ditarik.', en: 'No sample was drawn yet.' },
  noPair: { id: 'Tidak ada pasangan untuk ditarik.', en: 'There is no pair to be drawn.' },
  draw: { id: 'Tarik contoh', en: 'Draw a sample' },
  drawAnew: { id: 'Tarik contoh baru', en: 'Draw a new sample' },
  precision: { id: 'Ketepatan (presisi)', en: 'Precision' },
  recall: { id: 'Ketercakupan (recall)', en: 'Recall' },
  interval: { id: 'selang 95 %', en: '95 % interval' },
  notYetKnown: { id: 'setiap lapisan perlu satu penilaian', en: 'every stratum needs a label' },
  labelled: { id: 'Sudah dinilai', en: 'Labelled' },
  labelNext: { id: 'Nilai pasangan berikutnya', en: 'Label the next pair' },
  stratum: { id: 'Lapisan', en: 'Stratum' },
  candidates: { id: 'Pasangan dalam data', en: 'Pairs in the data' },
  drawn: { id: 'Ditarik', en: 'Drawn' },
  twoPersons: { id: 'Dua orang', en: 'Two persons' },
  notTold: { id: 'Tidak tampak', en: 'Not to be told' },
  'linked-unsure': {
    id: 'dikaitkan, di bawah ambang (lewat data lain)',
    en: 'linked, below the threshold (by other records)',
  },
  'linked-near': { id: 'dikaitkan, 6–20 bit', en: 'linked, 6 to 20 bits' },
  'linked-sure': { id: 'dikaitkan, mulai 20 bit', en: 'linked, from 20 bits' },
  'apart-far': { id: 'dipisah, di bawah −12 bit', en: 'apart, below −12 bits' },
  'apart-near': { id: 'dipisah, −12 sampai −4 bit', en: 'apart, −12 to −4 bits' },
  'apart-unsure': { id: 'dipisah, mulai −4 bit', en: 'apart, from −4 bits' },
  labelTitle: { id: 'Pasangan', en: 'Pair' },
  labelLead: {
    id: 'Satu orang atau dua? Pembukaan halaman ini dicatat. Kata model tidak ditampilkan agar tidak memengaruhi.',
    en: 'One person or two? Opening this page is written down. What the model says is not shown, so that it does not lead.',
  },
  labelQuestion: { id: 'Keduanya', en: 'The two are' },
  answerSame: { id: 'Orang yang sama', en: 'The same person' },
  answerDifferent: { id: 'Orang yang berbeda', en: 'Two persons' },
  answerUnsure: { id: 'Tidak dapat diketahui', en: 'Not to be told from this' },
  labelReason: { id: 'Alasan (boleh kosong; disimpan tersegel)', en: 'Reason (may be empty; kept sealed)' },
  labelSave: { id: 'Simpan, lalu berikutnya', en: 'Save, then the next one' },
  labelStop: { id: 'Berhenti dahulu', en: 'Stop for now' },
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
  forAbout: { id: 'untuk sekitar', en: 'for about' },
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
