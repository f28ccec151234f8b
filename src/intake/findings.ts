import type { FindingText } from '../domain/finding.ts'

/** What makes an entry unreadable before its content is looked at (its `refused` text is the code), or unworkable. */
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
  'entry-poison': {
    severity: 'hold',
    id: 'Data ini berulang kali menghentikan pekerja gerbang; petugas akan memeriksanya',
    en: "This record stopped the gateway's workers again and again; an operator will look at it",
  },
} as const satisfies Record<string, FindingText>

export type RefusalCode = Exclude<keyof typeof INTAKE_FINDINGS, 'entry-poison'>

/** What a finding's code means, in a language; the code itself when no catalogue knows it. */
export function titleOf(texts: Readonly<Record<string, FindingText>>, code: string, language: 'id' | 'en'): string {
  return texts[code]?.[language] ?? code
}
