import type { Json } from '../../domain/entry.ts'
import { asWritten } from './as-written.ts'
import type { Convert, Converter, Note } from './converter.ts'
import { isExact, wholeOf } from './spreadsheet.ts'

const FILLER = /^(\d)\1+$|0{12}|^0?123456789012345|^9876543210987654$/
const ZERO = 48

/**
 * Whether 16 digits are surely no damage, no temporary number and no filler. Nearly all numbers are; the rest is looked at closely.
 * A filler begins with equal or neighbouring digits, or has twelve zeros in a row, which cover the fifth to the twelfth place.
 */
function isSound(text: string): boolean {
  if (text.length !== 16) return false
  for (let at = 0; at < 16; at++) {
    const char = text.charCodeAt(at)
    if (char < ZERO || char > 57) return false
  }
  const first = text.charCodeAt(0)
  const mayRun = Math.abs(text.charCodeAt(1) - first) <= 1 && isRun(text)
  const hasGap = text.charCodeAt(5) === ZERO && text.charCodeAt(8) === ZERO && text.charCodeAt(9) === ZERO
  return first !== ZERO && !mayRun && !hasGap && !(text.charCodeAt(15) === ZERO && text.endsWith('0000'))
}

/** Equal digits, or each beside the one before, but for a few. */
function isRun(text: string): boolean {
  let runs = 0
  for (let at = 1; at < 16; at++) if (Math.abs(text.charCodeAt(at) - text.charCodeAt(at - 1)) <= 1) runs++
  return runs > 12
}

/**
 * A number of 16 digits: usable, or refused with the code that says what happened to it; never repaired where digits are lost.
 * Serial 0000 is never issued: it is what a spreadsheet leaves, which keeps 15 digits.
 */
function number(kind: 'nik' | 'kk', extension: string): Convert {
  // The No. KK of a family is read again for each of its members.
  let last = ''
  return (value: Json, note: Note) => {
    if (kind === 'kk' && value === last && value !== '') return last
    if (typeof value === 'string' && isSound(value)) {
      last = value
      return value
    }
    if (typeof value === 'number') return note.refuse(`${kind}-number`, false)
    if (typeof value !== 'string') return note.refuse('value-type', false)
    const bare = value.trim().replace(/^['`’]/, '')
    const whole = wholeOf(bare)
    if (whole !== undefined && !isExact(whole)) return note.refuse(`${kind}-excel`, false)
    const written = whole ?? bare
    const digits = /^[0-9][0-9\s.-]+$/.test(written) ? written.replace(/[\s.-]/g, '') : written
    if (/^[-\s.]*$/.test(written)) return undefined
    if (/^\d([.,]\d+)?[eE]\+?\d+$/.test(written)) return note.refuse(`${kind}-excel`, false)
    if (!/^[0-9]+$/.test(digits)) return note.refuse(`${kind}-letters`, false)
    if (FILLER.test(digits)) return note.refuse(`${kind}-filler`, false)
    if (digits.length !== 16) return note.refuse(`${kind}-length`, false)
    if (digits.startsWith('0')) {
      note.keepAs = { name: extension, value: digits }
      return note.refuse(`${kind}-temporary`, false)
    }
    if (digits.endsWith('0000')) return note.refuse(`${kind}-excel`, false)
    if (digits === value) return value
    note.said = true
    note.code = `${kind}-repaired`
    return digits
  }
}

export const nik: Converter = {
  summary: 'NIK: usable only as 16 digits that do not begin with 0; repaired only where no digit is lost',
  args: [],
  examples: [
    { in: '3175092402120001', out: '3175092402120001' },
    { in: "'3175092402120001", out: '3175092402120001', finding: 'nik-repaired' },
    { in: '3175092402120001.0', out: '3175092402120001', finding: 'nik-repaired' },
    { in: '9171010101900004.0', finding: 'nik-excel' },
    { in: '3175 0924 0212 0001', out: '3175092402120001', finding: 'nik-repaired' },
    { in: 3175092402120001, finding: 'nik-number' },
    { in: '3.17509E+15', finding: 'nik-excel' },
    { in: '3175092402120000', finding: 'nik-excel' },
    { in: '-' },
    { in: '3175O92402120001', finding: 'nik-letters' },
    { in: '317509240212001', finding: 'nik-length' },
    { in: '0175092402120001', finding: 'nik-temporary' },
    { in: '9999999999999999', finding: 'nik-filler' },
  ],
  compile: () => number('nik', 'nik_sementara'),
  invert: asWritten,
}

export const noKk: Converter = {
  summary: 'No. KK: usable only as 16 digits that do not begin with 0; repaired only where no digit is lost',
  args: [],
  examples: [
    { in: '3175092402120001', out: '3175092402120001' },
    { in: '3175092402120001.0', out: '3175092402120001', finding: 'kk-repaired' },
    { in: 3175092402120001, finding: 'kk-number' },
    { in: '3,17509E+15', finding: 'kk-excel' },
    { in: '31750924021200', finding: 'kk-length' },
    { in: '0175092402120001', finding: 'kk-temporary' },
  ],
  compile: () => number('kk', 'no_kk_sementara'),
  invert: asWritten,
}
