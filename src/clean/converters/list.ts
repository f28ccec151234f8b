import type { Json } from '../../domain/entry.ts'
import type { FieldRule } from '../mapping/mapping.ts'
import type { ConversionTarget, Convert, Converter, Note } from './converter.ts'
import { wholeOf } from './spreadsheet.ts'

// No question has so many answers.
const MOST_ANSWERS = 100

function items(value: Json, separator: string | undefined): Json[] | undefined {
  if (Array.isArray(value)) return value
  return typeof value === 'string' && separator !== undefined ? value.split(separator) : undefined
}

function areTexts(items: Json[]): items is string[] {
  for (const item of items) if (typeof item !== 'string') return false
  return true
}

function compileList(rule: FieldRule, target: ConversionTarget): Convert {
  const table = target.codes
  if (table === undefined) throw new TypeError(`${target.name} has no code table`)
  const separator = rule.separator
  return (value, note) => {
    const found = items(value, separator)
    if (found === undefined || !areTexts(found)) return note.refuse('value-type')
    if (found.length > MOST_ANSWERS) return note.refuse('value-invalid')
    let sum = 0
    let answer: string | undefined
    for (const item of found) {
      let said = table.find(item)
      if (said === undefined) {
        said = table.repaired(item)
        if (said !== undefined) sayRepaired(note)
      }
      if (said?.keep === true) note.said = note.keep = true
      if (said === undefined && item.trim() !== '') note.refuse('code-unmapped')
      if (said?.value === undefined) continue
      answer = said.value
      sum |= Number(said.value)
    }
    if (answer === undefined) return rule.absent
    return target.additive ? String(sum) : answer
  }
}

export const list: Converter = {
  summary: 'several answers in one value: an array, or a text with separators',
  args: ['codes', 'separator', 'absent', 'unmapped'],
  needs: ['codes'],
  examples: [
    { in: ['PKH', 'BPNT'], args: { codes: { PKH: '1', BPNT: null } }, out: '1' },
    { in: 'BPNT, pkh', args: { codes: { PKH: '1', BPNT: null }, separator: ',' }, out: '1' },
    { in: [], args: { codes: { PKH: '1' }, absent: '2' }, out: '2' },
    { in: ['BST'], args: { codes: { PKH: '1' } }, finding: 'code-unmapped' },
  ],
  compile: compileList,
  invert: (rule, { codes, additive }) => {
    const written = (labels: string[]) => [rule.separator === undefined ? labels : labels.join(rule.separator)]
    return (value) => {
      if (value === rule.absent) return written([])
      const parts = additive ? bitsOf(Number(value)) : [String(value)]
      const labels = parts.map((part) => codes?.ways(part)[0])
      return labels.every((label) => label !== undefined) ? written(labels) : []
    }
  },
}

/** The codes that a sum of codes consists of. */
function bitsOf(sum: number): string[] {
  const bits: string[] = []
  for (let bit = 1; bit <= sum && bit < 2 ** 30; bit *= 2) if ((sum & bit) !== 0) bits.push(String(bit))
  return bits
}

/** Does not hide what was said of another item. */
function sayRepaired(note: Note): void {
  note.said = true
  if (note.code === '') note.code = 'code-repaired'
}

function compileBits(rule: FieldRule): Convert {
  const bits = Object.entries(rule.bits ?? {}).map(([from, to]) => ({ from: Number(from), to }))
  const known = bits.reduce((sum, bit) => sum | bit.from, 0)
  return (value, note) => {
    const given = typeof value === 'number' ? String(value) : value
    if (typeof given !== 'string') return note.refuse('value-type')
    const whole = wholeOf(given)
    if (whole !== undefined) sayRepaired(note)
    const text = whole ?? given
    if (!/^\s*[0-9]{1,6}\s*$/.test(text)) return note.refuse('code-unmapped')
    const source = Number(text)
    if (source === 0) return rule.none
    if ((source & ~known) !== 0) return note.refuse('code-unmapped')
    let sum = 0
    for (const { from, to } of bits) {
      if ((source & from) === 0) continue
      if (to === 'keep') note.said = note.keep = true
      else sum |= Number(to)
    }
    return sum === 0 ? undefined : String(sum)
  }
}

export const additive: Converter = {
  summary: 'a sum of source bits into a sum of canonical codes',
  args: ['bits', 'none', 'unmapped'],
  needs: ['bits'],
  repeats: true,
  examples: [
    { in: '5', args: { bits: { '1': '1', '2': 'keep', '4': '2' }, none: '0' }, out: '3' },
    { in: '1.0', args: { bits: { '1': '1' } }, out: '1', finding: 'code-repaired' },
    { in: '0', args: { bits: { '1': '1' }, none: '0' }, out: '0' },
    { in: '8', args: { bits: { '1': '1' } }, finding: 'code-unmapped' },
  ],
  compile: compileBits,
  invert: (rule) => {
    const sources = new Map(Object.entries(rule.bits ?? {}).map(([from, to]) => [to, Number(from)]))
    return (value) => {
      if (value === rule.none) return ['0']
      const parts = bitsOf(Number(value)).map((part) => sources.get(part))
      return parts.every((part) => part !== undefined) ? [String(parts.reduce((sum, part) => sum | part, 0))] : []
    }
  },
}
