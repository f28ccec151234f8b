import type { Json } from '../../domain/entry.ts'
import type { Rule } from '../mapping.ts'
import type { Convert, Converter, Note } from './converter.ts'

const MONTHS: Record<string, number> = {}
const NAMES = [
  'januari jan january',
  'februari pebruari peb feb february',
  'maret mar march',
  'april apr',
  'mei may',
  'juni jun june',
  'juli jul july',
  'agustus agu ags agt aug august',
  'september sep sept',
  'oktober okt oct october',
  'november nopember nov nop',
  'desember des dec december',
]
for (const [index, names] of NAMES.entries()) for (const name of names.split(' ')) MONTHS[name] = index + 1

type Parts = { year: number; month: number; day: number; shortYear?: boolean }
type Read = (text: string, zone: number) => Parts | undefined

const numeric = (pattern: RegExp, order: 'ymd' | 'dmy', shortYear = false): Read => {
  return (text) => {
    const match = pattern.exec(text)
    if (match === null) return undefined
    const [first, month, last] = [Number(match[1]), Number(match[2]), Number(match[3])]
    const parts = order === 'ymd' ? { year: first, month, day: last } : { year: last, month, day: first }
    return shortYear ? { ...parts, shortYear } : parts
  }
}

/** Every date format a mapping may name. */
export const FORMATS: Record<string, Read> = {
  'YYYY-MM-DD': numeric(/^(\d{4})-(\d{2})-(\d{2})$/, 'ymd'),
  YYYYMMDD: numeric(/^(\d{4})(\d{2})(\d{2})$/, 'ymd'),
  'YYYY/MM/DD': numeric(/^(\d{4})\/(\d{2})\/(\d{2})$/, 'ymd'),
  'YYYY-MM-DD 00:00:00': numeric(/^(\d{4})-(\d{2})-(\d{2})[ T]0?0:00(?::00)?(?:\.0+)?$/, 'ymd'),
  'DD/MM/YYYY': numeric(/^(\d{2})\/(\d{2})\/(\d{4})$/, 'dmy'),
  'DD-MM-YYYY': numeric(/^(\d{2})-(\d{2})-(\d{4})$/, 'dmy'),
  'DD.MM.YYYY': numeric(/^(\d{2})\.(\d{2})\.(\d{4})$/, 'dmy'),
  'D/M/YYYY': numeric(/^(\d{1,2})\/(\d{1,2})\/(\d{4})$/, 'dmy'),
  'D-M-YYYY': numeric(/^(\d{1,2})-(\d{1,2})-(\d{4})$/, 'dmy'),
  'DD/MM/YYYY 0:00:00': numeric(/^(\d{2})\/(\d{2})\/(\d{4})(?: 0?0:00(?::00)?)?$/, 'dmy'),
  'DD-MM-YY': numeric(/^(\d{2})-(\d{2})-(\d{2})$/, 'dmy', true),
  'DD/MM/YY': numeric(/^(\d{2})\/(\d{2})\/(\d{2})$/, 'dmy', true),
  'D MMMM YYYY': (text) => {
    const match = /^(\d{1,2})[ -]([A-Za-z]+)\.?[ -](\d{4})$/.exec(text)
    const month = MONTHS[match?.[2]?.toLowerCase() ?? '']
    return month === undefined ? undefined : { year: Number(match?.[3]), month, day: Number(match?.[1]) }
  },
  'iso-instant': (text, zone) => {
    if (!/^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2}(\.\d+)?)?(Z|[+-]\d{2}:\d{2})$/.test(text)) return undefined
    return dayOf(Date.parse(text), zone)
  },
  'epoch-ms': (text, zone) => (/^-?\d{1,15}$/.test(text) ? dayOf(Number(text), zone) : undefined),
  'epoch-s': (text, zone) => (/^-?\d{1,12}$/.test(text) ? dayOf(Number(text) * 1000, zone) : undefined),
}

function dayOf(instant: number, zone: number): Parts | undefined {
  const local = new Date(instant + zone)
  if (Number.isNaN(local.getTime())) return undefined
  return { year: local.getUTCFullYear(), month: local.getUTCMonth() + 1, day: local.getUTCDate() }
}

/** ISO text of a day that exists, else undefined. */
export function isoDay({ year, month, day }: Parts): string | undefined {
  if (year < 1000 || year > 9999 || month < 1 || month > 12 || day < 1 || day > daysIn(year, month)) return undefined
  return `${year}-${month < 10 ? '0' : ''}${month}-${day < 10 ? '0' : ''}${day}`
}

function daysIn(year: number, month: number): number {
  if (month !== 2) return month === 4 || month === 6 || month === 9 || month === 11 ? 30 : 31
  return year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0) ? 29 : 28
}

/** Completed years between two ISO days. */
export function ageOn(born: string, day: string): number {
  const years = Number(day.slice(0, 4)) - Number(born.slice(0, 4))
  return born.slice(5) > day.slice(5) ? years - 1 : years
}

/** The century that gives the stated age on the reference date; one year off is forgiven, since ages are often rounded. */
function centuryByAge(parts: Parts, age: number, asOf: string): string | undefined {
  const near = [1800, 1900, 2000]
    .map((century) => isoDay({ ...parts, year: century + parts.year }))
    .filter((day) => day !== undefined && Math.abs(ageOn(day, asOf) - age) <= 1)
  return near[0]
}

function compile(rule: Rule): Convert {
  const reads = [rule.format ?? 'YYYY-MM-DD'].flat().map((format) => FORMATS[format] as Read)
  const [, sign, hours, minutes] = /^([+-])(\d{2}):(\d{2})$/.exec(rule.zone ?? '+00:00') ?? []
  const zone = (sign === '-' ? -1 : 1) * (Number(hours) * 60 + Number(minutes)) * 60_000
  const century = rule.century
  const isoFirst = [rule.format ?? 'YYYY-MM-DD'].flat()[0] === 'YYYY-MM-DD'
  const complete = (parts: Parts, note: Note, beside: Json | undefined): string | undefined => {
    if (parts.shortYear !== true) return isoDay(parts) ?? note.refuse('date-invalid')
    if (typeof century === 'number')
      return isoDay({ ...parts, year: century + parts.year }) ?? note.refuse('date-invalid')
    const age = Number(typeof beside === 'string' && beside.trim() !== '' ? beside : (beside ?? Number.NaN))
    if (isoDay({ ...parts, year: 2000 + (parts.year % 4) }) === undefined) return note.refuse('date-invalid')
    if (!Number.isInteger(age) || note.asOf === undefined) return note.refuse('date-century-unknown')
    return centuryByAge(parts, age, note.asOf) ?? note.refuse('date-century-unknown')
  }
  return (value, note, beside) => {
    if (typeof value !== 'string' && typeof value !== 'number') return note.refuse('value-type')
    if (isoFirst && typeof value === 'string' && value.length === 10) {
      const read = plainIso(value)
      if (read !== undefined) return read
    }
    const text = String(value).trim()
    if (text === '' || /^-+$/.test(text)) return undefined
    for (const read of reads) {
      const parts = read(text, zone)
      if (parts !== undefined) return complete(parts, note, beside)
    }
    return note.refuse('date-invalid')
  }
}

/** The common case without a regular expression: days 01 to 28 of any month are days in every year. */
function plainIso(text: string): string | undefined {
  for (let i = 0; i < 10; i++) {
    const char = text.charCodeAt(i)
    if (i === 4 || i === 7 ? char !== 45 : char < 48 || char > 57) return undefined
  }
  const month = text.slice(5, 7)
  const day = text.slice(8)
  return text >= '1000' && month >= '01' && month <= '12' && day >= '01' && day <= '28' ? text : undefined
}

export const date: Converter = {
  summary: 'ISO date from the named formats; instants become the calendar day in their zone',
  args: ['format', 'zone', 'century'],
  examples: [
    { in: '1987-03-12', out: '1987-03-12' },
    { in: '1990-02-30', finding: 'date-invalid' },
    { in: '12/03/1987', args: { format: 'DD/MM/YYYY' }, out: '1987-03-12' },
    { in: '12/03/1987 0:00:00', args: { format: 'DD/MM/YYYY 0:00:00' }, out: '1987-03-12' },
    { in: '12 Maret 1987', args: { format: 'D MMMM YYYY' }, out: '1987-03-12' },
    { in: '1 Pebruari 1987', args: { format: 'D MMMM YYYY' }, out: '1987-02-01' },
    { in: '2 Nop 1987', args: { format: 'D MMMM YYYY' }, out: '1987-11-02' },
    { in: 542_480_400_000, args: { format: ['epoch-ms', 'iso-instant'], zone: '+07:00' }, out: '1987-03-12' },
    { in: '1987-03-11T17:00:00.000Z', args: { format: 'iso-instant', zone: '+07:00' }, out: '1987-03-12' },
    { in: '12-03-87', args: { format: 'DD-MM-YY', century: { age: 'UMUR' } }, beside: '38', out: '1987-03-12' },
    { in: '12-03-20', args: { format: 'DD-MM-YY', century: { age: 'UMUR' } }, beside: '105', out: '1920-03-12' },
    {
      in: '12-03-87',
      args: { format: 'DD-MM-YY', century: { age: 'UMUR' } },
      beside: '',
      finding: 'date-century-unknown',
    },
    { in: '12-03-25', args: { format: 'DD-MM-YY', century: 2000 }, out: '2025-03-12' },
    { in: '-' },
  ],
  compile,
}
