import type { Severity } from '../../domain/finding.ts'
import type { Language } from '../../io/http/language.ts'

type Advice = Readonly<Record<Language, string>>

const AS_TEXT: Advice = {
  id: 'Simpan kolom ini sebagai teks di lembar kerja (bukan angka), ambil lagi nilainya dari sumber asli, lalu kirim ulang.',
  en: 'Keep this column as text in the spreadsheet (not as a number), take the value from its origin again, and push again.',
}
const SIXTEEN: Advice = {
  id: 'Cocokkan dengan kartu keluarga atau KTP: harus 16 angka. Kosongkan bila memang tidak ada.',
  en: 'Compare with the family card or identity card: it has 16 digits. Leave it empty where there is none.',
}
const REGION: Advice = {
  id: 'Pakai kode desa/kelurahan BPS (10 angka) atau Kemendagri sesuai skema dataset; periksa daftar kode wilayah terbaru.',
  en: 'Use the village code of the scheme that the dataset states, of BPS (10 digits) or Kemendagri; look it up in the current list.',
}
const CSV_SHAPE: Advice = {
  id: 'Periksa jumlah kolom dan tanda kutip pada baris ini; simpan ulang berkas dari lembar kerja sebagai CSV.',
  en: 'Look at the number of cells and the quotes of this line; save the file as CSV from the spreadsheet again.',
}
const JSON_SHAPE: Advice = {
  id: 'Bandingkan dengan skema dataset (GET /v1/datasets/{dataset}); perbaiki program yang membuat berkas.',
  en: 'Compare with the schema of the dataset (GET /v1/datasets/{dataset}); mend the program that makes the file.',
}
const ENCODING: Advice = {
  id: 'Simpan berkas sebagai UTF-8 dari sumber aslinya, jangan dari salinan yang hurufnya sudah rusak.',
  en: 'Save the file as UTF-8 from its origin, not from a copy whose letters are broken already.',
}
const OWN_KEY: Advice = {
  id: 'Beri setiap orang atau keluarga kunci sendiri yang tidak pernah dipakai ulang.',
  en: 'Give each person or family a key of its own that is never used again for another.',
}
const AGAIN: Advice = {
  id: 'Baris ini sendiri tidak bermasalah: perbaiki baris yang lain, lalu kirim ulang semuanya.',
  en: 'Nothing is wrong with this line itself: mend the others, and push all of them again.',
}

/** How what was found is mended, by code; families of codes below. */
const BY_CODE: Readonly<Record<string, Advice>> = {
  ...each(['nik-number', 'nik-excel', 'kk-number', 'kk-excel', 'key-damaged', 'number-imprecise', 'NIK-13'], AS_TEXT),
  ...each(['nik-letters', 'nik-length', 'nik-filler', 'kk-letters', 'kk-length', 'kk-filler'], SIXTEEN),
  ...each(
    [
      'region-missing',
      'region-unknown',
      'region-other-scheme',
      'region-ambiguous',
      'region-contradicts',
      'region-names-contradict',
    ],
    REGION,
  ),
  ...each(['csv-ragged-short', 'csv-ragged-long', 'csv-quote', 'csv-cell-nameless', 'csv-header-again'], CSV_SHAPE),
  ...each(
    ['json-invalid', 'json-duplicate-key', 'json-escaped-name', 'json-forbidden-key', 'json-too-deep', 'structure'],
    JSON_SHAPE,
  ),
  ...each(['utf8-invalid', 'encoding-doubtful', 'text-damaged', 'name-damaged', 'json-surrogate'], ENCODING),
  ...each(['key-twice', 'key-doubled', 'key-reused', 'key-missing'], OWN_KEY),
  ...each(['batch-aborted', 'batch-refused'], AGAIN),
  'code-unmapped': {
    id: 'Pakai kode yang ada di daftar kode dataset, atau minta wali data menambahkan kode ini ke daftar.',
    en: 'Use a code of the dataset’s list, or ask the data steward to add this code to it.',
  },
  'code-held': {
    id: 'Wali data perlu memutuskan arti kode ini; setelah daftar kode diperbaiki, data yang ditahan dilepas tanpa dikirim ulang.',
    en: 'The data steward has to decide what this code means; once the list is mended, what is held is released without another push.',
  },
  'identity-missing': {
    id: 'Isi nama, atau NIK yang dapat dipakai: tanpa keduanya orangnya tidak dapat dikenali.',
    en: 'Fill in a name, or a NIK that can be used: without both nobody can tell who it is.',
  },
  'identity-weak': {
    id: 'Lengkapi NIK, atau tanggal lahir dan jenis kelamin.',
    en: 'Fill in the NIK, or birth date and sex.',
  },
  'name-missing': {
    id: 'Isi nama sesuai dokumen kependudukan.',
    en: 'Fill in the name as the civil documents have it.',
  },
  'date-invalid': {
    id: 'Tulis tanggal yang ada di kalender, dalam bentuk yang dinyatakan dataset.',
    en: 'Write a date that the calendar has, in the form that the dataset states.',
  },
  'region-out-of-scope': {
    id: 'Hapus baris ini dari kiriman: desanya di luar wilayah perjanjian. Periksa kodenya bila memang warga sendiri.',
    en: 'Take this line out of the file: its village lies outside the agreement. Look at the code if it is a resident of yours.',
  },
  'NIK-12': {
    id: 'Satu NIK dipakai lebih dari satu orang: cocokkan dengan KTP masing-masing dan perbaiki yang salah.',
    en: 'One NIK stands for more than one person: compare with the identity card of each and mend the wrong one.',
  },
}

const BY_END: readonly (readonly [end: string, advice: Advice])[] = [
  ['-ISI', { id: 'Isi kolom ini.', en: 'Fill in this field.' }],
  [
    '-NILAI',
    {
      id: 'Pakai nilai yang disebut aturan; periksa daftar kode dataset.',
      en: 'Use a value that the rule names; look at the code list of the dataset.',
    },
  ],
  [
    '-LEWAT',
    {
      id: 'Isi hanya bila syaratnya terpenuhi; kosongkan bila tidak.',
      en: 'Fill it in only where the condition holds; leave it empty else.',
    },
  ],
]

const BY_SEVERITY: Readonly<Record<Severity, Advice>> = {
  error: {
    id: 'Perbaiki baris yang disebut di berkas asal, lalu kirim ulang baris itu dengan kunci yang sama.',
    en: 'Mend the lines that are named in the file of origin, and push them again under the same keys.',
  },
  hold: {
    id: 'Perbaiki dan kirim ulang dengan kunci yang sama; atau minta wali data melepaskannya bila isinya memang benar.',
    en: 'Mend and push again under the same keys; or ask the data steward to release them if they are right as they are.',
  },
  warning: {
    id: 'Datanya tetap dipakai. Perbaiki di sumbernya agar peringatan ini tidak muncul lagi.',
    en: 'The record was taken all the same. Mend it at the origin, so that this is not said again.',
  },
}

/** What to do about a finding, in a language: by its code, by the family of its code, else by its severity. */
export function howToMend(code: string, severity: Severity, language: Language): string {
  const byEnd = BY_END.find(([end]) => code.endsWith(end))?.[1]
  return (BY_CODE[code] ?? byEnd ?? BY_SEVERITY[severity])[language]
}

function each(codes: readonly string[], advice: Advice): Record<string, Advice> {
  return Object.fromEntries(codes.map((code) => [code, advice]))
}
