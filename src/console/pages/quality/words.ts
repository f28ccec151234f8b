import type { Dimension } from '../../../reports/quality/dimension.ts'
import { speaking, type Words } from '../../../web/speaking.ts'
import type { Word } from '../../../web/words.ts'
import type { MenuRow } from '../../menu.ts'

export const QUALITY_MENU: MenuRow = {
  path: '/console/quality',
  text: { id: 'Mutu', en: 'Quality' },
  right: 'quality',
}

const QUALITY_WORDS = {
  qualityLead: {
    id: 'Mutu kiriman dari waktu ke waktu: bagian yang diterima, dan temuan per 100 data menurut dimensinya. Buka satu kiriman untuk melihat isian dan contohnya.',
    en: 'The quality of pushes over time: the share that is accepted, and findings for each 100 records by dimension. Open a push for its fields and examples.',
  },
  push: { id: 'Kiriman', en: 'Push' },
  records: { id: 'Data', en: 'Records' },
  accepted: { id: 'Diterima', en: 'Accepted' },
  daysSince: { id: 'Jarak (hari)', en: 'Days since' },
  completeness: { id: 'Kelengkapan', en: 'Completeness' },
  validity: { id: 'Kesahihan', en: 'Validity' },
  uniqueness: { id: 'Keunikan', en: 'Uniqueness' },
  consistency: { id: 'Konsistensi', en: 'Consistency' },
  findingsPer100: { id: 'temuan per 100 data', en: 'findings for each 100 records' },
  gotWorse: { id: 'Memburuk sejak kiriman sebelumnya', en: 'Worse than in the push before' },
  nothingWorse: { id: 'Tidak ada yang memburuk.', en: 'Nothing got worse.' },
  nothingPushed: { id: 'Belum ada kiriman yang selesai.', en: 'No push has settled yet.' },
  shareOverTime: {
    id: 'Bagian yang diterima, dari kiriman ke kiriman',
    en: 'The share that is accepted, from push to push',
  },
  districts: { id: 'Per kecamatan', en: 'By district' },
  districtsLead: {
    id: 'Setiap kecamatan dalam perjanjian: bagian data tanpa temuan, dan berapa data. Kiriman terbaru dari setiap dataset, dijumlahkan; petaknya menurut kode, bukan letak.',
    en: 'Every district of the agreement: the share of records without a finding, and how many records. The newest push of each dataset, added up; tiles stand by code, not by place.',
  },
  silentDistricts: { id: 'kecamatan tanpa data, dari', en: 'districts without a record, of' },
  unplaced: { id: 'data ditahan, ditolak, atau tanpa kecamatan', en: 'records held, rejected, or without a district' },
  outside: { id: 'Di luar perjanjian', en: 'Outside of the agreement' },
  nothingHere: { id: 'tidak ada data', en: 'no records' },
  asTable: { id: 'Sebagai tabel', en: 'As a table' },
  district: { id: 'Kecamatan', en: 'District' },
  bpsCode: { id: 'Kode BPS', en: 'BPS code' },
  withFinding: { id: 'Dengan temuan', en: 'With a finding' },
  withoutFinding: { id: 'Tanpa temuan', en: 'Without' },
  districtsCsv: { id: 'Unduh kecamatan sebagai CSV', en: 'Download the districts as CSV' },
  asCsv: { id: 'Unduh sebagai CSV', en: 'Download as CSV' },
} as const satisfies Words

export type QualityWord = keyof typeof QUALITY_WORDS | Dimension | Word

/** A text of this page in the language of the view. */
export const sayQuality = speaking(QUALITY_WORDS)
