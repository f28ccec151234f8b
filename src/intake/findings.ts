import type { ReadNote } from '../domain/entry.ts'
import type { FindingText } from '../domain/finding.ts'

/** What reading finds before the content of an entry is looked at; of one that is refused its text is the code. */
export const INTAKE_FINDINGS = {
  'utf8-invalid': {
    severity: 'error',
    id: 'Baris bukan UTF-8 yang sah',
    en: 'The line is not valid UTF-8',
  },
  'line-too-long': {
    severity: 'error',
    id: 'Baris lebih panjang dari batas satu data',
    en: 'The line is longer than one record may be',
  },
  'csv-ragged-short': {
    severity: 'error',
    id: 'Baris CSV kekurangan kolom',
    en: 'The CSV row has too few cells',
  },
  'csv-ragged-long': {
    severity: 'error',
    id: 'Baris CSV kelebihan kolom',
    en: 'The CSV row has too many cells',
  },
  'csv-quote': {
    severity: 'error',
    id: 'Tanda kutip pada baris CSV tidak berpasangan',
    en: 'The quotes of the CSV row do not pair',
  },
  'csv-cell-nameless': {
    severity: 'error',
    id: 'Baris CSV berisi nilai di bawah kolom tanpa nama',
    en: 'The CSV row has a value under a column without a name',
  },
  'csv-header-again': {
    severity: 'error',
    id: 'Baris ini judul kolom yang terulang di dalam berkas, bukan data',
    en: 'This line is the header repeated inside the file, not a record',
  },
  'encoding-doubtful': {
    severity: 'error',
    id: 'Pengodean teks baris ini meragukan: UTF-8 dan Windows-1252 tercampur, atau halaman kode lain',
    en: 'The encoding of this line is in doubt: UTF-8 and Windows-1252 are mixed, or it is another code page',
  },
  'keys-uncompared': {
    severity: 'warning',
    id: 'Berkas memuat lebih banyak kunci daripada yang dibandingkan satu pemeriksaan; sisanya baru dibandingkan saat dikirim',
    en: 'The file holds more keys than one check compares; the rest is compared only when it is pushed',
  },
  'mark-inside': {
    severity: 'warning',
    id: 'Tanda awal (BOM) atau akhir berkas lain berdiri sebelum data ini dan tidak dibaca; berkas digabung',
    en: 'The byte order or end mark of another file stands before this record and is not read; files were joined',
  },
  'csv-near-quote': {
    severity: 'warning',
    id: 'Baris ini berada di antara dua tanda kutip yang tidak berpasangan; periksa isinya',
    en: 'This line stands between two quotes that do not pair; check what it says',
  },
  'csv-columns-nameless': {
    severity: 'warning',
    id: 'Judul berkas memuat kolom kosong tanpa nama; kolom itu kosong dan tidak dibaca',
    en: 'The header has empty columns without a name; they are empty and not read',
  },
  'csv-columns-doubled': {
    severity: 'warning',
    id: 'Judul berkas memuat nama kolom yang sama beberapa kali; yang kedua dibaca sebagai nama.2, dan seterusnya',
    en: 'The header has the same column name several times; the second is read as name.2, and so on',
  },
  'row-hidden': {
    severity: 'warning',
    id: 'Baris ini disembunyikan atau disaring di lembar kerja, tetapi tetap dibaca',
    en: 'This row is hidden or filtered out in the sheet, and was read all the same',
  },
  'encoding-changes': {
    severity: 'warning',
    id: 'Pengodean teks baris ini lain dari baris sebelumnya; dibaca sebagai UTF-8',
    en: 'The encoding of this line is not that of the lines before; it is read as UTF-8',
  },
} as const satisfies Record<string, FindingText>

/** The codes that refuse an entry; the others are warnings of one that was read. */
export type RefusalCode = Exclude<keyof typeof INTAKE_FINDINGS, ReadNote | 'keys-uncompared'>
