import type { Zone } from './zone.ts'

const MONTHS = [
  'Januari',
  'Februari',
  'Maret',
  'April',
  'Mei',
  'Juni',
  'Juli',
  'Agustus',
  'September',
  'Oktober',
  'November',
  'Desember',
]

const ENGLISH = 'January February March April May June July August September October November December'.split(' ')
const DAY = 86_400_000

type Write = (iso: string, zone: Zone) => string

/** A pattern of year, month and day, with what stands behind it. */
const pattern = (text: string, rest = ''): Write => {
  return (iso) => {
    const [year = '', month = '', day = ''] = iso.split('-')
    const parts: Record<string, string> = {
      YYYY: year,
      YY: year.slice(2),
      MM: month,
      DD: day,
      M: String(Number(month)),
      D: String(Number(day)),
    }
    return text.replace(/YYYY|YY|MM|DD|M|D/g, (part) => parts[part] ?? '') + rest
  }
}

/** The instant at which a day begins in a zone. */
function midnight(iso: string, zone: Zone): number {
  const utc = Date.parse(`${iso}T00:00:00Z`)
  const near = utc - zone(utc)
  return utc - zone(near)
}

/** How an ISO date is written in each format that a mapping may name. */
export const DATE_WRITERS: Readonly<Record<string, Write>> = {
  'YYYY-MM-DD': pattern('YYYY-MM-DD'),
  YYYYMMDD: pattern('YYYYMMDD'),
  'YYYY/MM/DD': pattern('YYYY/MM/DD'),
  'YYYY-MM-DD 00:00:00': pattern('YYYY-MM-DD', ' 00:00:00'),
  'DD/MM/YYYY': pattern('DD/MM/YYYY'),
  'DD-MM-YYYY': pattern('DD-MM-YYYY'),
  'DD.MM.YYYY': pattern('DD.MM.YYYY'),
  'D/M/YYYY': pattern('D/M/YYYY'),
  'D-M-YYYY': pattern('D-M-YYYY'),
  'DD/MM/YYYY 0:00:00': pattern('DD/MM/YYYY', ' 0:00:00'),
  'DD-MM-YY': pattern('DD-MM-YY'),
  'DD/MM/YY': pattern('DD/MM/YY'),
  'D MMMM YYYY': (iso) => `${Number(iso.slice(8))} ${MONTHS[Number(iso.slice(5, 7)) - 1]} ${iso.slice(0, 4)}`,
  'D MMMM YY': (iso) => `${Number(iso.slice(8))} ${MONTHS[Number(iso.slice(5, 7)) - 1]} ${iso.slice(2, 4)}`,
  'MMMM D, YYYY': (iso) => `${ENGLISH[Number(iso.slice(5, 7)) - 1]} ${Number(iso.slice(8))}, ${iso.slice(0, 4)}`,
  'D.M.YYYY': pattern('D.M.YYYY'),
  'YYYY-M-D': pattern('YYYY-M-D'),
  'DD-MM-YYYY 00:00:00': pattern('DD-MM-YYYY', ' 00:00:00'),
  DDMMYYYY: pattern('DDMMYYYY'),
  'DD.MM.YY': pattern('DD.MM.YY'),
  'D-M-YY': pattern('D-M-YY'),
  'D/M/YY': pattern('D/M/YY'),
  'M/D/YYYY': pattern('M/D/YYYY'),
  'M/D/YY': pattern('M/D/YY'),
  'excel-1900': (iso) => String(Date.parse(iso) / DAY + 25_569),
  'excel-1904': (iso) => String(Date.parse(iso) / DAY + 24_107),
  'iso-instant': (iso) => `${iso}T00:00:00Z`,
  'epoch-ms': (iso, zone) => String(midnight(iso, zone)),
  'epoch-s': (iso, zone) => String(midnight(iso, zone) / 1000),
}
