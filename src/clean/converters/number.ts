import type { FieldRule } from '../mapping/mapping.ts'
import type { Convert, Converter } from './converter.ts'

/** Reads a decimal number as text, with the declared signs; undefined where the text has another shape. */
function reader(rule: FieldRule): (text: string) => number | undefined {
  const decimal = rule.decimal ?? '.'
  const thousands = rule.thousands
  const escaped = (sign: string) => `\\${sign}`
  const whole = thousands === undefined ? '[0-9]+' : `(?:[0-9]{1,3}(?:${escaped(thousands)}[0-9]{3})+|[0-9]+)`
  const shape = new RegExp(`^-?${whole}(?:${escaped(decimal)}[0-9]+)?$`)
  return (text) => {
    if (!shape.test(text)) return undefined
    const plain = thousands === undefined ? text : text.replaceAll(thousands, '')
    const value = Number(plain.replace(decimal, '.'))
    return Number.isFinite(value) ? value : undefined
  }
}

/** Takes a declared unit from the end of a text (`36 m2`); any other word stays, and the number is refused. */
function unitRemover({ units }: FieldRule): (text: string) => string {
  if (units === undefined) return (text) => text
  const longestFirst = units.map((unit) => unit.trim().toUpperCase()).sort((a, b) => b.length - a.length)
  return (text) => {
    const unit = longestFirst.find((word) => text.toUpperCase().endsWith(word))
    return unit === undefined ? text : text.slice(0, text.length - unit.length).trimEnd()
  }
}

function compile(rule: FieldRule, whole: boolean): Convert {
  const read = reader(rule)
  const withoutUnit = unitRemover(rule)
  return (value, note) => {
    if (typeof value !== 'string' && typeof value !== 'number') return note.refuse('value-type')
    const text = typeof value === 'string' ? withoutUnit(value.trim()) : ''
    if (typeof value === 'string' && (text === '' || /^-+$/.test(text))) return undefined
    const number = typeof value === 'number' ? value : read(text)
    if (number === undefined) return note.refuse('number-invalid')
    if (!whole || Number.isSafeInteger(number)) return number === 0 ? 0 : number
    const rounded = rule.round === 'down' ? Math.trunc(number) : Math.floor(number + 0.5)
    return rule.round !== undefined && Number.isSafeInteger(rounded) ? rounded : note.refuse('number-invalid')
  }
}

/** Writes a number with the declared decimal sign, and no thousands: they are read, and never needed. */
const writer: NonNullable<Converter['invert']> = (rule) => (value) => [String(value).replace('.', rule.decimal ?? '.')]

export const integer: Converter = {
  summary: 'whole number; a fraction is refused unless `round` is said: half-up, or down',
  args: ['decimal', 'thousands', 'round', 'units'],
  repeats: true,
  examples: [
    { in: '37', out: 37 },
    { in: 69, out: 69 },
    { in: '37,5', args: { decimal: ',', round: 'half-up' }, out: 38 },
    { in: '37,5', args: { decimal: ',', round: 'down' }, out: 37 },
    { in: '1.320.000,00', args: { decimal: ',', thousands: '.' }, out: 1_320_000 },
    { in: '37.5', finding: 'number-invalid' },
    { in: '37 th', args: { units: ['tahun', 'th'] }, out: 37 },
    { in: '36 m2', args: { units: ['m2', 'm²'] }, out: 36 },
    { in: '36 ha', args: { units: ['m2'] }, finding: 'number-invalid' },
    { in: '0x10', finding: 'number-invalid' },
    { in: '1e3', finding: 'number-invalid' },
  ],
  compile: (rule) => compile(rule, true),
  invert: writer,
}

export const number: Converter = {
  summary: 'decimal number with the declared signs',
  args: ['decimal', 'thousands', 'units'],
  examples: [
    { in: '-6,931620', args: { decimal: ',' }, out: -6.93162 },
    { in: '1.320.000,50', args: { decimal: ',', thousands: '.' }, out: 1_320_000.5 },
    { in: '6.9', args: { decimal: ',' }, finding: 'number-invalid' },
  ],
  compile: (rule) => compile(rule, false),
  invert: writer,
}
