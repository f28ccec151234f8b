import { asWritten } from './as-written.ts'
import type { Converter } from './converter.ts'

/** Signs that people put between the digits of a phone number. */
const SIGNS = /[\s().\-–/]/g
/** Digits that went through a spreadsheet as a number. */
const AS_NUMBER = /^([0-9]+)[.,]0$/
/** Indonesian subscriber numbers without the leading zero: mobile ones begin with 8, those of a landline with their area. */
const SUBSCRIBER = /^(?:8[0-9]{7,11}|[2-79][0-9]{6,10})$/

export const phone: Converter = {
  summary: 'Indonesian phone number as +62…: blanks, dots, brackets and hyphens left out, 0 and 62 read alike',
  args: [],
  examples: [
    { in: '0812-3456-7890', out: '+6281234567890' },
    { in: '+62 812 3456 7890', out: '+6281234567890' },
    { in: '6281234567890', out: '+6281234567890' },
    { in: "'081234567890", out: '+6281234567890' },
    { in: '81234567890', out: '+6281234567890' },
    { in: '081234567890.0', out: '+6281234567890' },
    { in: '(0274) 512345', out: '+62274512345' },
    { in: '-' },
    { in: '0000000000' },
    { in: '8.12346E+11', finding: 'phone-invalid' },
    { in: '0812', finding: 'phone-invalid' },
    { in: '081234567890 / 081234567891', finding: 'phone-invalid' },
    { in: true, finding: 'value-type' },
  ],
  compile: () => (value, note) => {
    if (typeof value !== 'string' && typeof value !== 'number') return note.refuse('value-type')
    const digits = String(value)
      .trim()
      .replace(/^['`’]/, '')
      .replace(AS_NUMBER, '$1')
      .replace(SIGNS, '')
      .replace(/^\+/, '')
    if (/^0*$/.test(digits)) return undefined
    const subscriber = digits.startsWith('62') ? digits.slice(2).replace(/^0/, '') : digits.replace(/^0/, '')
    return SUBSCRIBER.test(subscriber) ? `+62${subscriber}` : note.refuse('phone-invalid')
  },
  invert: (rule, target) => (value) => [
    ...(asWritten(rule, target)(value) as string[]),
    String(value).replace(/^\+62/, '0'),
  ],
}
