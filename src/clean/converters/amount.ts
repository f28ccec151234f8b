import type { FieldRule } from '../mapping/mapping.ts'
import type { Convert, Converter, Note } from './converter.ts'

/** Words behind an amount, and what they multiply it by. */
const SCALES: Readonly<Record<string, number>> = {
  '': 1,
  RB: 1e3,
  RIBU: 1e3,
  JT: 1e6,
  JUTA: 1e6,
  MILIAR: 1e9,
  MILYAR: 1e9,
}
const SHAPE =
  /^(?:(?:RP|IDR)[.:]?\s*)?(-?)\s*([0-9][0-9.,]*?)\s*(?:,-|,--|\.-)?\s*(RB|RIBU|JT|JUTA|MILIAR|MILYAR)?\.?\s*(?:RUPIAH|,-)?$/

/** Reads the digits of an amount by its declared signs: whole thousands, and at most two digits behind the decimal sign. */
function digitsReader({ decimal = ',', thousands = decimal === ',' ? '.' : ',' }: FieldRule) {
  const sign = (text: string) => `\\${text}`
  const shape = new RegExp(`^(?:[0-9]{1,3}(?:${sign(thousands)}[0-9]{3})+|[0-9]+)(?:${sign(decimal)}[0-9]{1,2})?$`)
  return (digits: string) =>
    shape.test(digits) ? Number(digits.replaceAll(thousands, '').replace(decimal, '.')) : undefined
}

function compile(rule: FieldRule): Convert {
  const read = digitsReader(rule)
  const whole = (number: number, note: Note): number | undefined => {
    if (Number.isSafeInteger(number)) return number === 0 ? 0 : number
    if (rule.round === undefined || !Number.isFinite(number)) return note.refuse('number-invalid')
    return rule.round === 'down' ? Math.trunc(number) : Math.floor(number + 0.5)
  }
  return (value, note) => {
    if (typeof value === 'number') return whole(value, note)
    if (typeof value !== 'string') return note.refuse('value-type')
    const text = value.trim().toUpperCase()
    if (/^[-\s]*$|^(?:RP|IDR)\.?\s*-$/.test(text)) return undefined
    if (text.length > 60) return note.refuse('number-invalid')
    const [, minus = '', digits = '', scale = ''] = SHAPE.exec(text) ?? []
    const number = digits === '' ? undefined : read(digits)
    if (number === undefined) return note.refuse('number-invalid')
    // The decimals are few, and a scale must not leave the crumbs of binary fractions.
    const rupiah = Math.round(number * (SCALES[scale] ?? 1) * 100) / 100
    return whole(minus === '' ? rupiah : -rupiah, note)
  }
}

export const amount: Converter = {
  summary:
    'amount of money as whole rupiah: `Rp 1.250.000,00`, `1,5 juta`, `750 rb`; a fraction of a rupiah needs `round`',
  args: ['decimal', 'thousands', 'round'],
  examples: [
    { in: 'Rp 1.250.000,00', out: 1_250_000 },
    { in: 'Rp.750.000,-', out: 750_000 },
    { in: 'rp1250000', out: 1_250_000 },
    { in: '1,5 juta', out: 1_500_000 },
    { in: '750 rb', out: 750_000 },
    { in: 1_250_000, out: 1_250_000 },
    { in: 'IDR 1,250,000.00', args: { decimal: '.' }, out: 1_250_000 },
    { in: 'Rp 0', out: 0 },
    { in: 'Rp -' },
    { in: 'Rp 1.250,55', args: { round: 'half-up' }, out: 1251 },
    { in: 'Rp 1.250,55', finding: 'number-invalid' },
    { in: '1.250.00', finding: 'number-invalid' },
    { in: '500-1jt', finding: 'number-invalid' },
    { in: 'kurang dari 1 juta', finding: 'number-invalid' },
  ],
  compile,
  invert: (rule) => (value) => {
    const text = String(value)
    return [text, ...(rule.decimal === '.' ? [`${text}.00`] : [`Rp ${text.replace(/\B(?=(?:[0-9]{3})+$)/g, '.')}`])]
  },
}
