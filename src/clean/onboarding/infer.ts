import { isoDay } from '../converters/calendar.ts'
import { FORMATS } from '../converters/date.ts'
import type { Regions } from '../regions.ts'
import type { Column } from './sample.ts'

/** What the values of a column look like. */
export type Kind =
  | { is: 'empty' | 'text' | 'number16' | 'boolean' | 'list' | 'objects' }
  | { is: 'date'; format: string; twoDigits: boolean }
  | { is: 'yes-no'; pair: string; sure: boolean }
  | { is: 'number'; whole: boolean; decimal: '.' | ','; thousands: boolean; json: boolean }
  | { is: 'region'; dots: boolean; bps: number; kemendagri: number; distinct: number }
  | { is: 'labels'; labels: string[] }

const MOST = 0.9
const LABELS = 30
const LABEL_LENGTH = 40
/** Words for yes and no; of the signs nobody can be sure. */
const PAIRS = ['YA/TIDAK', 'ADA/TIDAK ADA', 'ADA/TIDAK', 'Y/T', 'Y/N', 'TRUE/FALSE', 'SUDAH/BELUM', 'PUNYA/TIDAK PUNYA']
const SIGNS = ['1/0', '1/2']
/** Numbers first: a format that is only digits fits many of them. */
const DATE_FORMATS = Object.keys(FORMATS).filter((format) => !format.startsWith('epoch') && format !== 'YYYYMMDD')

/** Guesses the kind of a column; `regions` tells village codes from other numbers. */
export function kindOf({ values, types }: Column, regions: Regions): Kind {
  if (types.has('objects')) return { is: 'objects' }
  if (types.has('list')) return { is: 'list' }
  if (values.length === 0) return { is: 'empty' }
  if (types.has('boolean') && !types.has('string')) return { is: 'boolean' }
  const share = (test: (value: string) => boolean) => values.filter(test).length / values.length
  if (share((value) => /^'?[0-9]{16}$/.test(value)) > 0.5) return { is: 'number16' }
  return (
    regionKind(values, share, regions) ??
    dateKind(values, share) ??
    yesNoKind(values) ??
    numberKind(values, share, types.has('number')) ??
    labelKind(values) ?? { is: 'text' }
  )
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

function dateKind(values: readonly string[], share: Share): Kind | undefined {
  const fits = (format: string) => (value: string) => {
    const parts = FORMATS[format]?.(value, 0)
    return parts !== undefined && isoDay(parts.shortYear ? { ...parts, year: 2000 + parts.year } : parts) !== undefined
  }
  const scored = DATE_FORMATS.map((format) => ({ format, share: share(fits(format)) }))
  const best = scored.sort((a, b) => b.share - a.share)[0]
  if (best !== undefined && best.share > MOST)
    return { is: 'date', format: best.format, twoDigits: /(^|[^Y])YY$/.test(best.format) }
  const isDay = (value: string) => /^(19|20)[0-9]{6}$/.test(value) && fits('YYYYMMDD')(value)
  return values.length > 1 && share(isDay) > MOST ? { is: 'date', format: 'YYYYMMDD', twoDigits: false } : undefined
}

function yesNoKind(values: readonly string[]): Kind | undefined {
  const distinct = new Set(values.map((value) => value.toUpperCase()))
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
  if (Math.max(comma, point) <= MOST) return undefined
  const decimal = comma > point || (comma === point && values.some((value) => value.includes(','))) ? ',' : '.'
  const thousands = decimal === ',' && values.some((value) => value.includes('.'))
  return { is: 'number', whole: false, decimal, thousands, json }
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

export function countsOf(values: readonly string[]): Map<string, number> {
  const counts = new Map<string, number>()
  for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1)
  return counts
}
