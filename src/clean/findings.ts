import type { FindingText } from '../domain/finding.ts'
import { MAPPING_FINDINGS } from './mapping-findings.ts'

/** What parsing, mapping, identity and regions can find; the severity is the usual one where a policy decides. */
export const FINDINGS = {
  ...MAPPING_FINDINGS,
  'json-invalid': { severity: 'error', id: 'Baris bukan JSON yang sah', en: 'The line is not valid JSON' },
  // A line that can be read and yet means two things is for a person to decide: held, not thrown away.
  'json-duplicate-key': {
    severity: 'hold',
    id: 'Objek JSON memuat nama yang sama dua kali',
    en: 'A JSON object holds the same name twice',
  },
  'json-escaped-name': {
    severity: 'hold',
    id: 'Nama isian JSON memuat tanda kutip, garis miring terbalik, atau tanda kendali',
    en: 'A name in JSON holds a quote, a backslash or a control character',
  },
  'json-forbidden-key': {
    severity: 'hold',
    id: 'Objek JSON memuat nama yang dilarang (__proto__, constructor, prototype)',
    en: 'A JSON object holds a forbidden name (__proto__, constructor, prototype)',
  },
  'json-too-deep': { severity: 'error', id: 'JSON bersarang terlalu dalam', en: 'The JSON is nested too deeply' },
  'json-surrogate': {
    severity: 'hold',
    id: 'Teks memuat setengah pasangan surrogate UTF-16',
    en: 'A text holds one half of a UTF-16 surrogate pair',
  },
  structure: {
    severity: 'error',
    id: 'Rekaman tidak berbentuk seperti yang dinyatakan dataset',
    en: 'The record does not have the shape that the dataset states',
  },
  'number-imprecise': {
    severity: 'warning',
    id: 'Angka JSON kehilangan digit; nilainya tidak dipakai. Kirim sebagai teks',
    en: 'A JSON number loses digits; the value is not taken. Send it as text',
  },
  'text-invisible-characters': {
    severity: 'warning',
    id: 'Karakter tak terlihat atau pengubah arah dihapus dari teks',
    en: 'Invisible or direction-changing characters were removed from a text',
  },
  'text-not-normal': {
    severity: 'warning',
    id: 'Teks diubah ke bentuk Unicode NFC',
    en: 'The text was brought to Unicode form NFC',
  },
  'text-formula': {
    severity: 'warning',
    id: 'Nilai terbungkus rumus lembar kerja (="…"); dibaca tanpa kehilangan',
    en: 'The value stands in a spreadsheet formula (="…"); it was read without loss',
  },
  'text-cell-error': {
    severity: 'warning',
    id: 'Sel memuat galat rumus (#REF!, #N/A …) atau rumus yang belum dihitung; nilainya tidak dipakai. Hitung ulang dan simpan',
    en: 'The cell holds an error (#REF!, #N/A …), or a formula that was never computed; it is not taken. Recalculate and save',
  },
  'text-damaged': {
    severity: 'warning',
    id: 'Huruf teks ini rusak karena salah pengodean; nilainya tidak dipakai sebagai teks',
    en: 'Letters of this text are broken by a wrong encoding; it is not taken as text',
  },
  'value-placeholder': {
    severity: 'warning',
    id: 'Nilai ini pengisi untuk yang kosong; tidak dipakai',
    en: 'The value is a placeholder for an empty one; it is not taken',
  },
  'value-type': {
    severity: 'warning',
    id: 'Jenis nilai bukan yang dinyatakan; nilainya tidak dipakai',
    en: 'The value is of another type than stated; it is not taken',
  },
  'value-invalid': {
    severity: 'warning',
    id: 'Nilai di luar yang diizinkan skema; nilainya tidak dipakai',
    en: 'The value is outside what the schema allows; it is not taken',
  },
  'value-missing': { severity: 'warning', id: 'Nilai wajib kosong', en: 'A value that should be filled is empty' },
  'column-unknown': {
    severity: 'warning',
    id: 'Kolom ini tidak dikenal dataset; nilainya tidak dibawa',
    en: 'The dataset does not know this column; its value is not carried',
  },
  'fields-left-out': {
    severity: 'warning',
    id: 'Ada isian di luar perjanjian; isian itu tidak disimpan dan tidak diteruskan. Kirim hanya isian yang disepakati',
    en: 'There are fields outside the agreement; they are neither kept nor passed on. Send only what is agreed',
  },
  'field-outside-agreement': {
    severity: 'error',
    id: 'Isian ini di luar perjanjian, dan perjanjian menolak data seperti itu. Kirim ulang tanpa isian ini',
    en: 'This field is outside the agreement, which refuses such records. Send it again without the field',
  },
  'code-unmapped': {
    severity: 'warning',
    id: 'Kode sumber tidak ada dalam daftar; nilai sumber disimpan di samping',
    en: 'The source code is not in the list; the source value is kept beside',
  },
  'code-repaired': {
    severity: 'warning',
    id: 'Kode dibaca tanpa kehilangan (nol di depan hilang, atau .0 dari lembar kerja)',
    en: 'The code was read without loss (a leading zero was lost, or a spreadsheet added .0)',
  },
  'code-held': {
    severity: 'hold',
    id: 'Kode sumber ini perlu diputuskan wali data',
    en: 'This source code needs a decision by the data steward',
  },
  'date-invalid': { severity: 'warning', id: 'Bukan tanggal yang ada', en: 'Not a date that exists' },
  'date-not-midnight': {
    severity: 'warning',
    id: 'Waktu pada tanggal ini mungkin tengah malam zona waktu lain; harinya tidak pasti dan tidak dipakai',
    en: 'The instant may be midnight of another time zone; its day is not sure and is not taken',
  },
  'date-century-unknown': {
    severity: 'warning',
    id: 'Abad tahun dua digit tidak dapat ditentukan; tanggal tidak dipakai',
    en: 'The century of a two-digit year cannot be told; the date is not taken',
  },
  'number-invalid': {
    severity: 'warning',
    id: 'Bukan bilangan yang dapat dibaca',
    en: 'Not a number that can be read',
  },
  'nik-repaired': {
    severity: 'warning',
    id: 'NIK dirapikan tanpa kehilangan digit (apostrof, .0 atau spasi)',
    en: 'The NIK was tidied without loss (apostrophe, .0 or blanks)',
  },
  'nik-number': {
    severity: 'warning',
    id: 'NIK dikirim sebagai angka JSON, bukan teks; tidak dipakai',
    en: 'The NIK was sent as a JSON number, not as text; it is not taken',
  },
  'nik-excel': {
    severity: 'warning',
    id: 'NIK rusak oleh lembar kerja (bentuk eksponen, atau .0 di atas 2^53); tidak dipakai',
    en: 'The NIK was damaged by a spreadsheet (exponent form, or .0 beyond 2^53); it is not taken',
  },
  'nik-letters': {
    severity: 'warning',
    id: 'NIK memuat selain angka; tidak dipakai',
    en: 'The NIK holds other than digits; it is not taken',
  },
  'nik-length': {
    severity: 'warning',
    id: 'NIK tidak 16 digit; tidak dipakai',
    en: 'The NIK does not have 16 digits; it is not taken',
  },
  'nik-filler': {
    severity: 'warning',
    id: 'NIK hanya pengisi; tidak dipakai',
    en: 'The NIK is only a filler; it is not taken',
  },
  'nik-temporary': {
    severity: 'warning',
    id: 'NIK sementara (berawal 0) bukan kunci; disimpan di samping',
    en: 'A temporary NIK (begins with 0) is no key; it is kept beside',
  },
  'kk-repaired': {
    severity: 'warning',
    id: 'No. KK dirapikan tanpa kehilangan digit (apostrof, .0 atau spasi)',
    en: 'The No. KK was tidied without loss (apostrophe, .0 or blanks)',
  },
  'kk-number': {
    severity: 'warning',
    id: 'No. KK dikirim sebagai angka JSON, bukan teks; tidak dipakai',
    en: 'The No. KK was sent as a JSON number, not as text; it is not taken',
  },
  'kk-excel': {
    severity: 'warning',
    id: 'No. KK rusak oleh lembar kerja (bentuk eksponen, atau .0 di atas 2^53); tidak dipakai',
    en: 'The No. KK was damaged by a spreadsheet (exponent form, or .0 beyond 2^53); it is not taken',
  },
  'kk-letters': {
    severity: 'warning',
    id: 'No. KK memuat selain angka; tidak dipakai',
    en: 'The No. KK holds other than digits; it is not taken',
  },
  'kk-length': {
    severity: 'warning',
    id: 'No. KK tidak 16 digit; tidak dipakai',
    en: 'The No. KK does not have 16 digits; it is not taken',
  },
  'kk-filler': {
    severity: 'warning',
    id: 'No. KK hanya pengisi; tidak dipakai',
    en: 'The No. KK is only a filler; it is not taken',
  },
  'kk-temporary': {
    severity: 'warning',
    id: 'No. KK berawal 0 bukan kunci; disimpan di samping',
    en: 'A No. KK that begins with 0 is no key; it is kept beside',
  },
  'key-missing': {
    severity: 'hold',
    id: 'Kunci rekaman kosong dan tidak dapat diturunkan',
    en: 'The key of the record is empty and cannot be derived',
  },
  'key-derived': {
    severity: 'warning',
    id: 'Kunci rekaman kosong; kunci pengganti diturunkan dari isinya',
    en: 'The key of the record is empty; a surrogate was derived from its content',
  },
  'members-too-many': {
    severity: 'error',
    id: 'Rekaman memuat lebih dari 1.000 anggota; kirim keluarga atau lembaga ini dalam beberapa rekaman',
    en: 'The record holds more than 1,000 members; send this family or institution as several records',
  },
  'columns-too-many': {
    severity: 'error',
    id: 'Rekaman memuat lebih dari 1.000 nama kolom dalam satu objek; periksa cara berkas dibuat',
    en: 'The record holds more than 1,000 names in one object; look at how the file was made',
  },
  'findings-more': {
    severity: 'warning',
    id: 'Ada temuan lain pada data ini; perbaiki 100 yang pertama, lalu kirim ulang',
    en: 'This record has more findings; mend the first 100 and send it again',
  },
  'key-damaged': {
    severity: 'hold',
    id: 'Kunci rekaman kehilangan digit dalam lembar kerja (bentuk eksponen, pembulatan 15 digit, .0 di atas 2^53); bukan kunci',
    en: 'The key of the record lost digits in a spreadsheet (exponent, rounding to 15 digits, .0 beyond 2^53); it is no key',
  },
  'key-tidied': {
    severity: 'warning',
    id: 'Kunci rekaman dirapikan (spasi, karakter tak terlihat, atau .0); kedua bentuknya menunjuk data yang sama',
    en: 'The key of the record was tidied (blanks, invisible characters, or .0); both forms name the same record',
  },
  'key-doubled': {
    severity: 'warning',
    id: 'Dua anggota rekaman ini memakai kunci yang sama',
    en: 'Two members of this record carry the same key',
  },
  'identity-missing': {
    severity: 'error',
    id: 'Nama dan NIK yang dapat dipakai tidak ada',
    en: 'There is neither a name nor a usable NIK',
  },
  'identity-weak': {
    severity: 'hold',
    id: 'Tanpa NIK yang dapat dipakai, tanggal lahir dan jenis kelamin wajib ada',
    en: 'Without a usable NIK, birth date and sex are needed',
  },
  'name-missing': { severity: 'hold', id: 'Nama kosong', en: 'The name is empty' },
  'name-placeholder': {
    severity: 'warning',
    id: 'Nama ini biasanya pengisi, bukan nama orang; tanpa NIK yang sesuai tidak dipakai',
    en: "This is usually a placeholder, not a person's name; it is not taken without a NIK that agrees",
  },
  'name-damaged': {
    severity: 'hold',
    id: 'Huruf nama rusak karena salah pengodean; kirim ulang nama yang benar',
    en: 'Letters of the name are broken by a wrong encoding; send the right name again',
  },
  'name-too-long': {
    severity: 'hold',
    id: 'Nama lebih dari 100 karakter',
    en: 'The name has more than 100 characters',
  },
  'region-missing': { severity: 'hold', id: 'Kode desa/kelurahan kosong', en: 'The village code is empty' },
  'region-unknown': { severity: 'hold', id: 'Kode desa/kelurahan tidak dikenal', en: 'The village code is unknown' },
  'region-other-scheme': {
    severity: 'hold',
    id: 'Kode desa/kelurahan berasal dari skema lain dari yang dinyatakan',
    en: 'The village code is of another scheme than declared',
  },
  'region-ambiguous': {
    severity: 'hold',
    id: 'Kode desa/kelurahan ini berpadanan dengan beberapa desa/kelurahan dalam skema BPS',
    en: 'This village code stands for several villages in the BPS scheme',
  },
  'region-contradicts': {
    severity: 'hold',
    id: 'Dua kode wilayah rekaman ini menunjuk desa/kelurahan yang berbeda',
    en: 'The two region codes of this record name different villages',
  },
  'region-out-of-scope': {
    severity: 'error',
    id: 'Desa/kelurahan di luar wilayah platform ini',
    en: 'The village is outside the region of this platform',
  },
  'region-names-contradict': {
    severity: 'hold',
    id: 'Semua nama wilayah di samping kode bertentangan dengan kodenya; kode maupun nama tidak dipercaya',
    en: 'All region names beside the code contradict it; neither the code nor the names are believed',
  },
  'region-name-differs': {
    severity: 'warning',
    id: 'Nama wilayah di samping kode tidak sesuai dengan kodenya',
    en: 'A region name beside the code disagrees with the code',
  },
} as const satisfies Record<string, FindingText>

export type FindingCode = keyof typeof FINDINGS
