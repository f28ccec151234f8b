import type { Static } from 'typebox'
import { csvCell } from '../domain/text/csv.ts'
import type { CandidateRow } from './candidate-shapes.ts'
import { NOTICE } from './notice.ts'
import type { TwoTongues } from './programme.ts'
import type { CandidateList } from './shapes.ts'

const COLUMNS = [
  'keys',
  'place',
  'verdict',
  'now',
  'since_last_list',
  'holds',
  'against',
  'unknown',
  'missing',
  'cautions',
  'conflicts',
  'fields',
  'deciles',
  'list',
  'day',
  'notice',
] as const

/** A page of candidates as CSV (RFC 4180) that an office can open in a spreadsheet without running anything. */
export function toCandidateCsv(
  rows: readonly CandidateRow[],
  list: Static<typeof CandidateList>,
  language: keyof TwoTongues,
): string {
  const deciles = list.deciles
    .map(({ version, as_of }) => [version, as_of].filter((part) => part !== null).join(' '))
    .join('; ')
  const lines = rows.map((row) => {
    const reasons = [...row.holds, ...row.against, ...row.unknown]
    const cells: Record<(typeof COLUMNS)[number], string> = {
      keys: row.keys.map(({ dataset, key }) => `${dataset}/${key}`).join('; '),
      place: row.place ?? '',
      verdict: row.verdict ?? '',
      now: row.now,
      since_last_list: row.since_last_list ?? '',
      holds: textsOf(row.holds),
      against: textsOf(row.against),
      unknown: textsOf(row.unknown),
      missing: [...new Set(row.unknown.flatMap(({ missing }) => missing))].join('; '),
      cautions: textsOf(row.cautions),
      conflicts: textsOf(row.conflicts),
      fields: [...new Set(reasons.flatMap(({ fields }) => fields.map(fieldText)))].join('; '),
      deciles,
      list: list.id,
      day: list.day,
      notice: NOTICE[language],
    }
    return COLUMNS.map((column) => csvCell(cells[column])).join(',')
  })
  return [COLUMNS.join(','), ...lines].map((line) => `${line}\r\n`).join('')
}

function textsOf(told: readonly { text: string }[]): string {
  return told.map(({ text }) => text).join('; ')
}

function fieldText({ field, origin, value }: CandidateRow['holds'][number]['fields'][number]): string {
  const from =
    origin === null || origin.source === 'derived'
      ? ''
      : origin.source === 'results'
        ? ` (DTSEN ${origin.version})`
        : ` (${origin.platform}/${origin.dataset}${origin.as_of === null ? '' : ` ${origin.as_of}`})`
  return `${field}${value === undefined ? '' : `=${value}`}${from}`
}
