import type { FindingText } from '../../domain/finding.ts'

/** What is seen only in a file as a whole: each of its records may be well by itself. */
export const FILE_FINDINGS = {
  'file-nik-rounded': {
    severity: 'warning',
    id: 'Sebagian besar NIK berkas ini berakhiran 0: lembar kerja membulatkan angka ke-16. Ambil lagi NIK dari sumber asli sebagai teks, lalu kirim ulang',
    en: 'Most NIKs of this file end in 0: a spreadsheet rounded the 16th digit. Take the NIKs from their origin again as text, and push again',
  },
  'file-nik-serial': {
    severity: 'warning',
    id: 'Hampir semua NIK berkas ini memiliki empat angka terakhir yang sama: mungkin dibuat atau dibulatkan. Cocokkan dengan KTP',
    en: 'Nearly all NIKs of this file share their last four digits: they may be made up or rounded. Compare with the identity cards',
  },
  'file-one-birth-date': {
    severity: 'warning',
    id: 'Hampir semua orang dalam berkas ini memiliki tanggal lahir yang sama: mungkin nilai bawaan atau salinan ke bawah. Periksa kolomnya',
    en: 'Nearly everybody in this file has one birth date: it may be a default or was filled down. Look at the column',
  },
  'file-one-village': {
    severity: 'warning',
    id: 'Semua data berkas ini berada di satu desa/kelurahan, padahal perjanjian mencakup lebih. Benar bila berkas memang dari desa itu; bila tidak, kolomnya tersalin ke bawah',
    en: 'All records of this file are of one village, and the agreement covers more. Right if it is a file of that village; else the column was filled down',
  },
  'file-columns-shifted': {
    severity: 'warning',
    id: 'Beberapa kolom hampir seluruhnya berisi nilai yang tidak dikenal: mungkin isinya bergeser satu kolom. Bandingkan judul dan isi, lalu kirim ulang',
    en: 'Several columns have hardly a value that is known: their content may be shifted by a column. Compare header and content, and push again',
  },
  'file-fewer-records': {
    severity: 'warning',
    id: 'Jumlah data kurang dari separuh kiriman sebelumnya. Periksa apakah berkas lengkap',
    en: 'There are fewer than half as many records as in the batch before. See whether the file is whole',
  },
} as const satisfies Record<string, FindingText>

export type FileFindingCode = keyof typeof FILE_FINDINGS
