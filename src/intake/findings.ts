import type { FindingText } from '../domain/finding.ts'

/** What makes an entry unreadable before its content is looked at (its `refused` text is the code). */
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
} as const satisfies Record<string, FindingText>

export type RefusalCode = keyof typeof INTAKE_FINDINGS
