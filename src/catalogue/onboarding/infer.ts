import { isoDay } from '../../clean/converters/calendar.ts'
import { FORMATS } from '../../clean/converters/date.ts'
import type { Regions } from '../../clean/regions/regions.ts'
import type { Column } from './sample.ts'
import { wordsOf } from './similar.ts'

/** What the values of a column look like. */
export type Kind =
  | { is: 'empty' | 'text' | 'number16' | 'boolean' | 'list' | 'objects' }
  | { is: 'date'; formats: string[]; twoDigits: boolean; isInstant: boolean }
  | { is: 'yes-no'; pair: string; sure: boolean }
  | { is: 'number'; whole: boolean; decimal: '.' | ','; thousands: boolean; json: boolean }
  | { is: 'region'; dots: boolean; bps: number; kemendagri: number; distinct: number }
  | { is: 'labels'; labels: string[] }
  /** Several answers in one text. */
  | { is: 'several'; separator: string; labels: string[] }

const MOST = 0.9
const LABELS = 30
const LABEL_LENGTH = 40
/** Words for yes and no; of the signs nobody can be sure. */
const PAIRS = ['YA/TIDAK', 'ADA/TIDAK ADA', 'ADA/TIDAK', 'Y/T', 'Y/N', 'TRUE/FALSE', 'SUDAH/BELUM', 'PUNYA/TIDAK PUNYA']
const SIGNS = ['1/0', '1/2', 'V/X', '✓/X']
/** Signs that tick a box; beside them a hyphen or an empty cell may say no, or that nobody asked. */
const TICKS = ['V', '✓', '√', '✔', 'X']
/** A number may be a day or an instant in digits: only of a column that is called so. */
const DIGITS_ONLY = ['YYYYMMDD', 'epoch-ms', 'epoch-s', 'DDMMYYYY', 'excel-1900']
/** Read by nobody who was not told so: one day in either of two. */
const NEVER_GUESSED = ['excel-1904', 'M/D/YY']
/** Eight digits are YYYYMMDD. As an epoch they would all be days of 1970, which fit better as soon as one day is wrong. */
const EPOCH_DIGITS: Record<string, RegExp> = { 'epoch-ms': /^-?[0-9]{11,}$/, 'epoch-s': /^-?[0-9]{9,}$/ }
const CALLED_DAY = ['tanggal', 'waktu', 'lahir', 'pada', 'time']

/** Guesses the kind of a column; `regions` tells village codes from other numbers. */
export function kindOf({ name, values, types }: Column, regions: Regions): Kind {
  if (types.has('objects')) return { is: 'objects' }
  if (types.has('list')) return { is: 'list' }
  if (values.length === 0) return { is: 'empty' }
  if (types.has('boolean') && !types.has('string')) return { is: 'boolean' }
  const share = (test: (value: string) => boolean) => values.filter(test).length / values.length
  if (share((value) => /^'?[0-9]{16}$/.test(value)) > 0.5) return { is: 'number16' }
  return (
    regionKind(values, share, regions) ??
    dateKind(values, isCalled(name, CALLED_DAY)) ??
    yesNoKind(values) ??
    numberKind(values, share, types.has('number')) ??
    severalKind(values) ??
    labelKind(values) ?? { is: 'text' }
  )
}

function isCalled(name: string, words: readonly string[]): boolean {
  return wordsOf(name).some((word) => words.includes(word))
}

type Share = (test: (value: string) => boolean) => number

function regionKind(values: readonly string[], share: Share, regions: Regions): Kind | undefined {
  const dots = share((value) => /^[0-9]{2}\.[0-9]{2}\.[0-9]{2}\.[0-9]{4}$/.test(value)) > MOST
  if (!dots && share((value) => /^[0-9]{10}$/.test(value)) <= MOST) return undefined
  const codes = [...new Set(values)]
  const known = (scheme: 'bps' | 'kemendagri') =>
    codes.filter((code) => regions.village(code, scheme) !== undefined || regions.isAmbiguous(code, scheme)).length
  return { is: 'region', dots, bps: known('bps'), kemendagri: known('kemendagri'), distinct: codes.length }
}

/** Up to three formats that together read nearly all values. */
function dateKind(values: readonly string[], isCalledDay: boolean): Kind | undefined {
  const formats: string[] = []
  let rest = values
  while (formats.length < 3 && rest.length > (1 - MOST) * values.length) {
    const left = Object.keys(FORMATS)
      .filter((format) => (isCalledDay || !DIGITS_ONLY.includes(format)) && !NEVER_GUESSED.includes(format))
      .map((format) => ({ format, rest: rest.filter((value) => !isDayText(value, format)) }))
      .sort((a, b) => a.rest.length - b.rest.length)[0]
    if (left === undefined || rest.length - left.rest.length < 0.05 * values.length) return undefined
    formats.push(left.format)
    rest = left.rest
  }
  const has = (pattern: RegExp) => formats.some((format) => pattern.test(format))
  return { is: 'date', formats, twoDigits: has(/(^|[^Y])YY$/), isInstant: has(/^epoch|instant$/) }
}

/** A day of people who live or lived; the century of two digits is another question. */
function isDayText(value: string, format: string): boolean {
  if (EPOCH_DIGITS[format]?.test(value) === false) return false
  const parts = FORMATS[format]?.(value, () => 0)
  if (parts === undefined) return false
  const year = parts.shortYear ? 2000 + parts.year : parts.year
  return year >= 1880 && year <= 2100 && isoDay({ ...parts, year }) !== undefined
}

function yesNoKind(values: readonly string[]): Kind | undefined {
  const distinct = new Set(values.map((value) => value.toUpperCase()))
  const tick = TICKS.find((sign) => distinct.has(sign))
  if (tick !== undefined && values.length > 1 && [...distinct].every((value) => value === tick || value === '-'))
    return { is: 'yes-no', pair: `${tick}/-`, sure: false }
  const answers = [...distinct].filter((value) => value !== '-')
  const pairOf = (pairs: readonly string[]) =>
    pairs.find((pair) => answers.length > 1 && answers.every((answer) => pair.split('/').includes(answer)))
  const words = pairOf(PAIRS)
  const pair = words ?? pairOf(SIGNS)
  return pair === undefined ? undefined : { is: 'yes-no', pair, sure: words !== undefined }
}

function numberKind(values: readonly string[], share: Share, json: boolean): Kind | undefined {
  if (share((value) => /^-?[0-9]{1,9}$/.test(value)) > MOST) {
    // Few different digits that come again and again are codes as often as numbers: the name of the column decides.
    return { is: 'number', whole: true, decimal: '.', thousands: false, json }
  }
  const comma = share((value) => /^-?[0-9]{1,3}(\.[0-9]{3})*(,[0-9]+)?$|^-?[0-9]+(,[0-9]+)?$/.test(value))
  const point = share((value) => /^-?[0-9]{1,9}(\.[0-9]+)?$/.test(value))
  // Longer digits without a fraction are keys.
  if (Math.max(comma, point) <= MOST || !values.some((value) => /[.,]/.test(value))) return undefined
  const decimal = comma > point || (comma === point && values.some((value) => value.includes(','))) ? ',' : '.'
  const thousands = decimal === ',' && values.some((value) => value.includes('.'))
  return { is: 'number', whole: false, decimal, thousands, json }
}

/** Texts that are put together from a few parts, in several ways. */
function severalKind(values: readonly string[]): Kind | undefined {
  for (const separator of [';', ',', '|', '+']) {
    const joined = values.filter((value) => value.includes(separator))
    const parts = joined.flatMap((value) => value.split(separator).map((part) => part.trim()))
    const labels = labelsOf(parts)
    const single = new Set(values.filter((value) => !value.includes(separator)))
    // A comma inside of a label stands in one label only; here the parts also stand alone or in other company.
    const isMixed = new Set(joined).size > 2 && labels.filter((label) => single.has(label)).length >= 2
    if (isMixed && labels.length > 0) return { is: 'several', separator, labels }
  }
  return undefined
}

function labelKind(values: readonly string[]): Kind | undefined {
  const labels = labelsOf(values)
  return labels.length > 0 && labels.length <= LABELS ? { is: 'labels', labels } : undefined
}

/** The different values of a column, the most frequent first, as far as they could be labels of a list. */
export function labelsOf(values: readonly string[]): string[] {
  const counts = countsOf(values)
  if (counts.size > LABELS) return []
  return [...counts]
    .sort((a, b) => b[1] - a[1])
    .map(([label]) => label)
    .filter((label) => label.length <= LABEL_LENGTH && !/[0-9]{6}/.test(label))
}

/** How often each value occurs. */
export function countsOf(values: readonly string[]): Map<string, number> {
  const counts = new Map<string, number>()
  for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1)
  return counts
}
