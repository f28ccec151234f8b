import type { FindingText } from '../domain/finding.ts'

/** What parsing, mapping, identity and regions can find; the severity is the usual one where a policy decides. */
export const FINDINGS = {
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
  'code-unmapped': {
    severity: 'warning',
    id: 'Kode sumber tidak ada dalam daftar; nilai sumber disimpan di samping',
    en: 'The source code is not in the list; the source value is kept beside',
  },
  'code-held': {
    severity: 'hold',
    id: 'Kode sumber ini perlu diputuskan wali data',
    en: 'This source code needs a decision by the data steward',
  },
  'date-invalid': { severity: 'warning', id: 'Bukan tanggal yang ada', en: 'Not a date that exists' },
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
    id: 'NIK rusak oleh lembar kerja (bentuk eksponen); tidak dipakai',
    en: 'The NIK was damaged by a spreadsheet (exponent form); it is not taken',
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
    id: 'No. KK rusak oleh lembar kerja (bentuk eksponen); tidak dipakai',
    en: 'The No. KK was damaged by a spreadsheet (exponent form); it is not taken',
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
  'key-excel': {
    severity: 'warning',
    id: 'Kunci rusak oleh lembar kerja (bentuk eksponen atau digit menjadi nol); tidak dipakai',
    en: 'The key was damaged by a spreadsheet (exponent form, or digits that became zeros); it is not taken',
  },
  'key-derived': {
    severity: 'warning',
    id: 'Kunci rekaman kosong; kunci pengganti diturunkan dari isinya',
    en: 'The key of the record is empty; a surrogate was derived from its content',
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
  'region-name-differs': {
    severity: 'warning',
    id: 'Nama wilayah di samping kode tidak sesuai dengan kodenya',
    en: 'A region name beside the code disagrees with the code',
  },
} as const satisfies Record<string, FindingText>

export type FindingCode = keyof typeof FINDINGS
