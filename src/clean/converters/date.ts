import type { Json } from '../../domain/entry.ts'
import { ageOn, dayNumber, isDay } from '../../language/calendar.ts'
import type { FieldRule } from '../mapping/mapping.ts'
import { dayOf, dayOfText, isoDay, type Parts } from './calendar.ts'
import type { ConversionTarget, Convert, Converter, Note } from './converter.ts'
import { DATE_WRITERS } from './date-writers.ts'
import { monthOf } from './months.ts'
import { type Zone, zoneOf } from './zone.ts'

type Read = (text: string, zone: Zone) => Parts | undefined

/** Days from the epochs of spreadsheets to 1970; a serial below 61 lies before the leap day that Excel made up. */
const EXCEL_1900 = 25_569
const EXCEL_1904 = 24_107
const DAY = 86_400_000

/** The day of a spreadsheet's serial number, which a cell shows when its format is lost. */
function serialDay(text: string, epoch: number): Parts | undefined {
  const serial = /^(\d{2,5})(?:[.,]0+)?$/.exec(text)?.[1]
  if (serial === undefined || Number(serial) < 61) return undefined
  const { year, month, day } = dayOf((Number(serial) - epoch) * DAY, () => 0) ?? { year: 0, month: 0, day: 0 }
  return { year, month, day }
}

const numeric = (pattern: RegExp, order: 'ymd' | 'dmy' | 'mdy', shortYear = false): Read => {
  return (text) => {
    const match = pattern.exec(text)
    if (match === null) return undefined
    const [first, second, last] = [Number(match[1]), Number(match[2]), Number(match[3])]
    const parts =
      order === 'ymd'
        ? { year: first, month: second, day: last }
        : order === 'dmy'
          ? { year: last, month: second, day: first }
          : { year: last, month: first, day: second }
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
    const match = /^(\d{1,2})[ ./-]{1,3}([A-Za-z]+)[ .,/-]{1,3}(\d{4})$/.exec(text)
    const month = monthOf(match?.[2])
    return month === undefined ? undefined : { year: Number(match?.[3]), month, day: Number(match?.[1]) }
  },
  'D MMMM YY': (text) => {
    const match = /^(\d{1,2})[ ./-]{1,3}([A-Za-z]+)[ .,'/-]{1,3}(\d{2})$/.exec(text)
    const month = monthOf(match?.[2])
    const parts = { year: Number(match?.[3]), day: Number(match?.[1]), shortYear: true }
    return month === undefined ? undefined : { ...parts, month }
  },
  'MMMM D, YYYY': (text) => {
    const match = /^([A-Za-z]+)\.? (\d{1,2})(?:st|nd|rd|th)?,? (\d{4})$/.exec(text)
    const month = monthOf(match?.[1])
    return month === undefined ? undefined : { year: Number(match?.[3]), month, day: Number(match?.[2]) }
  },
  'D.M.YYYY': numeric(/^(\d{1,2})\.(\d{1,2})\.(\d{4})$/, 'dmy'),
  'YYYY-M-D': numeric(/^(\d{4})-(\d{1,2})-(\d{1,2})$/, 'ymd'),
  'DD-MM-YYYY 00:00:00': numeric(/^(\d{1,2})-(\d{1,2})-(\d{4})(?: 0?0:00(?::00)?)?$/, 'dmy'),
  DDMMYYYY: numeric(/^(\d{2})(\d{2})(\d{4})$/, 'dmy'),
  'DD.MM.YY': numeric(/^(\d{2})\.(\d{2})\.(\d{2})$/, 'dmy', true),
  'D-M-YY': numeric(/^(\d{1,2})-(\d{1,2})-(\d{2})$/, 'dmy', true),
  'D/M/YY': numeric(/^(\d{1,2})\/(\d{1,2})\/(\d{2})$/, 'dmy', true),
  'M/D/YYYY': numeric(/^(\d{1,2})\/(\d{1,2})\/(\d{4})$/, 'mdy'),
  'M/D/YY': numeric(/^(\d{1,2})\/(\d{1,2})\/(\d{2})$/, 'mdy', true),
  'excel-1900': (text) => serialDay(text, EXCEL_1900),
  'excel-1904': (text) => serialDay(text, EXCEL_1904),
  'iso-instant': dayOfText,
  'epoch-ms': (text, zone) => (/^-?\d{1,16}$/.test(text) ? dayOf(Number(text), zone) : undefined),
  'epoch-s': (text, zone) => (/^-?\d{1,12}$/.test(text) ? dayOf(Number(text) * 1000, zone) : undefined),
}

/** The century that gives the stated age on the reference date; one year off is forgiven, since ages are often rounded. */
function centuryByAge(parts: Parts, age: number, asOf: string): string | undefined {
  const near = [1800, 1900, 2000]
    .map((century) => isoDay({ ...parts, year: century + parts.year }))
    .filter((day) => Math.abs((ageOn(day, asOf) ?? Number.NaN) - age) <= 1)
  return near[0]
}

/** Full years in a column of ages, perhaps with a word behind: `39`, `39.0`, `39 th`; NaN for anything else. */
function ageOf(beside: Json | undefined): number {
  if (typeof beside === 'number') return beside
  const digits =
    typeof beside === 'string' ? /^\s*([0-9]{1,3})(?:[.,]0+)?\s*[A-Za-z.]{0,6}\s*$/.exec(beside)?.[1] : undefined
  return digits === undefined ? Number.NaN : Number(digits)
}

/** The formats whose values are instants: without a zone they are no day. */
export const INSTANTS: readonly string[] = ['iso-instant', 'epoch-ms', 'epoch-s']

const HALF_HOUR = 1_800_000
const LATE = 44 * HALF_HOUR

/**
 * Whether an instant may be midnight of a zone further east, and so mean the next day. Indonesia's zones lie two hours apart; a birth
 * has no time of day, while another date is only doubted where the time is as round as a midnight is.
 */
function isDoubtful({ clock }: Parts, name: string): boolean {
  if (clock === undefined || clock < LATE || name === 'asOf') return false
  return name === 'tanggal_lahir' || clock % HALF_HOUR === 0
}

const MINUTE = 60_000
const FIRST_MONTHS = 4

/**
 * Whether a number is no instant of a birth: 0 is what systems write for nothing, and seconds that are read as milliseconds lie in the first
 * months of 1970, at no whole minute.
 */
function isNoBirth({ year, month, day, clock = 0 }: Parts, name: string, zone: Zone): boolean {
  if (name !== 'tanggal_lahir' || year !== 1970 || month > FIRST_MONTHS) return false
  return clock % MINUTE !== 0 || (month === 1 && day === 1 && clock !== 0 && clock === zone(0))
}

function compile(rule: FieldRule, target: ConversionTarget): Convert {
  const formats = [rule.format ?? 'YYYY-MM-DD'].flat()
  const reads = formats.map((format) => ({ read: FORMATS[format] as Read, isEpoch: format.startsWith('epoch-') }))
  // A JSON number needs no detour through its text where only an epoch can be meant.
  const epoch = formats[0] === 'epoch-ms' ? 1 : formats[0] === 'epoch-s' ? 1000 : undefined
  const zone = zoneOf(rule.zone ?? '+00:00') ?? (() => 0)
  const century = rule.century
  const complete = (parts: Parts, note: Note, beside: Json | undefined): string | undefined => {
    if (isDoubtful(parts, target.name)) return note.refuse('date-not-midnight')
    if (parts.shortYear !== true) return isoDay(parts) ?? note.refuse('date-invalid')
    if (typeof century === 'number')
      return isoDay({ ...parts, year: century + parts.year }) ?? note.refuse('date-invalid')
    const age = ageOf(beside)
    if (isoDay({ ...parts, year: 2000 + (parts.year % 4) }) === undefined) return note.refuse('date-invalid')
    if (!Number.isInteger(age) || note.asOf === undefined) return note.refuse('date-century-unknown')
    return centuryByAge(parts, age, note.asOf) ?? note.refuse('date-century-unknown')
  }
  return (value, note, beside) => {
    if (typeof value !== 'string' && typeof value !== 'number') return note.refuse('value-type')
    if (formats[0] === 'YYYY-MM-DD' && typeof value === 'string' && isPlainIso(value)) return value
    if (epoch !== undefined && typeof value === 'number' && Number.isSafeInteger(value)) {
      const day = dayOf(value * epoch, zone)
      if (day !== undefined && isNoBirth(day, target.name, zone)) return note.refuse('date-invalid')
      if (day !== undefined) return complete(day, note, beside)
    }
    const text = String(value).trim()
    if (text === '' || /^-+$/.test(text)) return undefined
    for (const { read, isEpoch } of reads) {
      const parts = read(text, zone)
      if (parts === undefined) continue
      return isEpoch && isNoBirth(parts, target.name, zone)
        ? note.refuse('date-invalid')
        : complete(parts, note, beside)
    }
    // A date cell of a workbook has no written form of its own: it comes in ISO, whatever the texts of its column are.
    return isPlainIso(text) ? text : note.refuse('date-invalid')
  }
}

/** The common case, without a pattern and without taking the date apart. */
function isPlainIso(text: string): boolean {
  const number = dayNumber(text)
  return number >= 1000_00_00 && isDay(number)
}

export const date: Converter = {
  summary: 'ISO date from the named formats, or written so; instants become the calendar day in their zone',
  args: ['format', 'zone', 'century'],
  examples: [
    { in: '1987-03-12', out: '1987-03-12' },
    { in: '1990-02-30', finding: 'date-invalid' },
    { in: '12/03/1987', args: { format: 'DD/MM/YYYY' }, out: '1987-03-12' },
    { in: '1987-03-12', args: { format: 'DD-MM-YY', century: 2000 }, out: '1987-03-12' },
    { in: '12/03/1987 0:00:00', args: { format: 'DD/MM/YYYY 0:00:00' }, out: '1987-03-12' },
    { in: '12 Maret 1987', args: { format: 'D MMMM YYYY' }, out: '1987-03-12' },
    { in: '1 Pebruari 1987', args: { format: 'D MMMM YYYY' }, out: '1987-02-01' },
    { in: '17-VIII-1985', args: { format: 'D MMMM YYYY' }, out: '1985-08-17' },
    { in: '17 Agust 85', args: { format: 'D MMMM YY', century: 1900 }, out: '1985-08-17' },
    { in: 'August 17, 1985', args: { format: 'MMMM D, YYYY' }, out: '1985-08-17' },
    { in: '8/17/1985', args: { format: 'M/D/YYYY' }, out: '1985-08-17' },
    { in: '31276', args: { format: 'excel-1900' }, out: '1985-08-17' },
    { in: '29814', args: { format: 'excel-1904' }, out: '1985-08-17' },
    { in: '2 Nop 1987', args: { format: 'D MMMM YYYY' }, out: '1987-11-02' },
    { in: 542_480_400_000, args: { format: ['epoch-ms', 'iso-instant'], zone: '+07:00' }, out: '1987-03-12' },
    { in: '1987-03-11T17:00:00.000Z', args: { format: 'iso-instant', zone: '+07:00' }, out: '1987-03-12' },
    { in: '1955-06-14T16:30:00Z', args: { format: 'iso-instant', zone: 'Asia/Jakarta' }, out: '1955-06-15' },
    { in: '1990-05-10T00:00:00+09:00', args: { format: 'iso-instant', zone: 'Asia/Jakarta' }, out: '1990-05-10' },
    { in: '1990-05-09T15:00:00Z', args: { format: 'iso-instant', zone: 'Asia/Jakarta' }, finding: 'date-not-midnight' },
    { in: '12-03-87', args: { format: 'DD-MM-YY', century: { age: 'UMUR' } }, beside: '38', out: '1987-03-12' },
    { in: '12-03-87', args: { format: 'DD-MM-YY', century: { age: 'UMUR' } }, beside: '38 th', out: '1987-03-12' },
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
  invert: (rule) => {
    const zone = zoneOf(rule.zone ?? '+00:00') ?? (() => 0)
    const writers = [rule.format ?? 'YYYY-MM-DD'].flat().flatMap((format) => DATE_WRITERS[format] ?? [])
    return (value) => (isDay(dayNumber(String(value))) ? writers.map((write) => write(String(value), zone)) : [])
  },
}
