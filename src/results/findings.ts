import type { FindingText } from '../domain/finding.ts'

/** What can be wrong with one line of results, or worth knowing of it. */
export const RESULT_FINDINGS = {
  'result-json': { severity: 'error', id: 'Baris hasil bukan objek JSON', en: 'The line of results is no JSON object' },
  'result-form': {
    severity: 'error',
    id: 'Isian hasil tidak sesuai bentuk ResultLine',
    en: 'The field does not fit the shape ResultLine',
  },
  'result-number': {
    severity: 'error',
    id: 'Nomor (NIK atau No. KK) bukan 16 angka; kirim sebagai teks',
    en: 'The number (NIK or No. KK) is not 16 digits; send it as text',
  },
  'result-subject-missing': {
    severity: 'error',
    id: 'Subjek tidak disebut: isi subject, nik, atau no_kk',
    en: 'No subject is named: give subject, nik, or no_kk',
  },
  'result-subject-unknown': {
    severity: 'error',
    id: 'Subjek ini belum pernah dikirim daerah mana pun',
    en: 'No region has ever sent this subject',
  },
  'result-subject-ambiguous': {
    severity: 'error',
    id: 'Nomor ini milik lebih dari satu subjek, atau berbeda dari subject; sebut subject saja',
    en: 'The number leads to more than one subject, or not to that of subject; name the subject alone',
  },
  'result-level': {
    severity: 'error',
    id: 'Isian ini untuk tingkat lain: keluarga dan individu tertukar',
    en: 'This is for the other level: family and person are mixed up',
  },
  'result-future': {
    severity: 'error',
    id: 'Tanggal berlaku hasil ada di masa depan',
    en: 'The date that the result holds for lies in the future',
  },
  'result-date': { severity: 'error', id: 'Tanggal tidak ada di kalender', en: 'The calendar has no such date' },
  'result-period': {
    severity: 'error',
    id: 'Periode desil harus tahun dan triwulan (2026-Q3) yang sudah berjalan',
    en: 'The period of a decile is a year and quarter (2026-Q3) that has begun',
  },
  'result-decile-twice': {
    severity: 'error',
    id: 'Desil satu tingkat wilayah disebut dua kali',
    en: 'The decile of one level stands twice',
  },
  'result-reason-missing': {
    severity: 'error',
    id: 'Status selain aktif memerlukan alasan',
    en: 'A status other than active needs a reason',
  },
  'result-reason-unknown': {
    severity: 'error',
    id: 'Kode alasan tidak ada di katalog, atau bukan untuk isian ini',
    en: 'The catalogue has no such reason, or not for this',
  },
  'result-field-unknown': {
    severity: 'error',
    id: 'Variabel kanonik ini tidak ada',
    en: 'There is no such canonical variable',
  },
  'result-code-unknown': {
    severity: 'error',
    id: 'Kode tidak ada di daftar kode kanonik variabel ini',
    en: 'The canonical code list of this variable has no such code',
  },
  'result-value': {
    severity: 'error',
    id: 'Nilai tidak sesuai jenis variabel ini',
    en: 'The value does not fit the type of this variable',
  },
  'result-programme-unknown': {
    severity: 'error',
    id: 'Program tidak ada di katalog',
    en: 'The catalogue has no such programme',
  },
  'result-membership-dates': {
    severity: 'error',
    id: 'Keanggotaan berakhir sebelum dimulai',
    en: 'The membership ends before it begins',
  },
  'result-older': {
    severity: 'warning',
    id: 'Hasil yang lebih baru sudah ada; yang ini tidak mengubah apa pun',
    en: 'A newer result is here already; this one changes nothing',
  },
} as const satisfies Record<string, FindingText>

export type ResultFinding = keyof typeof RESULT_FINDINGS
