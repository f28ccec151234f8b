import type { Language } from '../../../io/http/language.ts'
import type { COMPARISONS, EXTRA_LEVELS } from '../../../link/compare/compare.ts'

type Text = Record<Language, string>
type Levels = {
  [F in keyof typeof COMPARISONS]: Record<(typeof COMPARISONS)[F][number], Text>
}

const APART: Text = { id: 'berbeda', en: 'different' }
const EQUAL: Text = { id: 'sama', en: 'equal' }

/** How each compared field may agree, in words. */
const LEVELS: Levels = {
  name: {
    apart: APART,
    some: { id: 'sebagian kata sama', en: 'some words equal' },
    ending: { id: 'akhiran lain', en: 'another ending' },
    close: { id: 'mirip', en: 'close' },
    compatible: { id: 'yang satu lebih lengkap', en: 'one is fuller' },
    sound: { id: 'bunyi sama', en: 'same sound' },
    equal: EQUAL,
  },
  birth: {
    apart: APART,
    'near-default': {
      id: 'tahun berdekatan, tanggal baku',
      en: 'years near, a default day',
    },
    default: { id: 'tahun sama, tanggal baku', en: 'same year, a default day' },
    off: { id: 'satu angka berbeda', en: 'one digit off' },
    swapped: { id: 'hari dan bulan tertukar', en: 'day and month exchanged' },
    'equal-default': { id: 'sama, tanggal baku', en: 'equal, a default day' },
    equal: EQUAL,
  },
  sex: { apart: APART, equal: EQUAL },
  nik: {
    apart: APART,
    transposed: { id: 'dua angka tertukar', en: 'two digits exchanged' },
    equal: EQUAL,
  },
  family: {
    'other-kk': { id: 'KK lain', en: 'another family card' },
    apart: {
      id: 'tidak diketahui satu keluarga',
      en: 'not known to be one family',
    },
    equal: {
      id: 'satu keluarga, menurut kepalanya atau rumah tangganya',
      en: 'one family, by its head or household',
    },
    kk: { id: 'No. KK sama', en: 'same family card' },
  },
  place: {
    apart: APART,
    regency: { id: 'kabupaten/kota sama', en: 'same regency' },
    district: { id: 'kecamatan sama', en: 'same district' },
    'village-other-address': {
      id: 'desa sama, alamat lain',
      en: 'same village, other address',
    },
    village: { id: 'desa/kelurahan sama', en: 'same village' },
    hamlet: { id: 'dusun atau jalan sama', en: 'same hamlet or street' },
    house: { id: 'alamat rumah sama', en: 'same house' },
  },
  relation: { apart: APART, equal: EQUAL },
  source: {
    'other-list': { id: 'satu sumber, dua daftar', en: 'one source, two lists' },
    'other-source': { id: 'dua sumber', en: 'two sources' },
  },
}

const EXTRAS: Record<(typeof EXTRA_LEVELS)[number], Text> = {
  apart: APART,
  close: { id: 'mirip', en: 'close' },
  equal: EQUAL,
}

/** A level of a field in words; one that is not known yet is told by its name. */
export function levelText(language: Language, field: string, level: string): string {
  const levels: Record<string, Text> = Object.hasOwn(LEVELS, field) ? LEVELS[field as keyof Levels] : EXTRAS
  return levels[level]?.[language] ?? level
}
