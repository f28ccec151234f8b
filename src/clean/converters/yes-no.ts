import type { Json } from '../../domain/entry.ts'
import type { FieldRule } from '../mapping/mapping.ts'
import type { ConversionTarget, Convert, Converter, Note } from './converter.ts'
import { wholeOf } from './spreadsheet.ts'

/** The words for yes and no that a rule declares; the first pair is the one that is written on the way back. */
export function pairsOf({ pair }: Pick<FieldRule, 'pair'>): [yes: string, no: string][] {
  return [pair ?? 'true/false'].flat().map((words) => {
    const [yes = '', no = ''] = words.split('/').map((word) => word.trim())
    return [yes, no]
  })
}

/** Reads one flag; `''` is no answer. */
function reader(rule: FieldRule): (value: Json, note: Note) => boolean | '' | undefined {
  const words = new Map(
    pairsOf(rule).flatMap(([yes, no]) => [[yes.toUpperCase(), true] as const, [no.toUpperCase(), false] as const]),
  )
  const readWord = (value: Json) => {
    const word = typeof value === 'string' ? value.trim().toUpperCase() : String(value).toUpperCase()
    const said = words.get(word)
    if (said !== undefined) return said
    return word === '' || word === '0' || word === '-' ? '' : undefined
  }
  return (value, note) => {
    const said = readWord(value)
    const whole = said === undefined && typeof value === 'string' ? wholeOf(value) : undefined
    const repaired = whole === undefined ? undefined : readWord(whole)
    if (repaired === undefined) return said
    note.said = true
    if (note.code === '') note.code = 'code-repaired'
    return repaired
  }
}

function compile(rule: FieldRule, target: ConversionTarget): Convert {
  const read = reader(rule)
  const severity = rule.unmapped === 'hold' ? 'hold' : rule.unmapped === 'reject' ? 'error' : undefined
  const refuse = (note: Note) => {
    note.severity = severity
    return note.refuse('code-unmapped')
  }
  const one: Convert = (value, note) => {
    if (typeof value === 'object') return note.refuse('value-type')
    const said = read(value, note)
    if (said === undefined) return refuse(note)
    return said === '' ? undefined : said ? target.yes : target.no
  }
  if (!Array.isArray(rule.from)) return one
  return (values, note) => {
    let sure = true
    for (const value of values as Json[]) {
      const said = read(value ?? '', note)
      if (said === undefined) refuse(note)
      if (said === true) return target.yes
      if (said !== false) sure = false
    }
    return sure ? target.no : undefined
  }
}

export const yesNo: Converter = {
  summary: 'yes and no by the declared pair or pairs; of several columns: yes if any says yes, no if all say no',
  args: ['pair', 'absent', 'unmapped'],
  needs: ['pair'],
  repeats: true,
  examples: [
    { in: '1', args: { pair: '1/2' }, out: '1' },
    { in: '4', args: { pair: '3/4' }, out: '2' },
    { in: '1', args: { pair: '3/4' }, finding: 'code-unmapped' },
    { in: '1.0', args: { pair: '1/2' }, out: '1', finding: 'code-repaired' },
    { in: '0', args: { pair: '1/2' } },
    { in: '0', args: { pair: '1/0' }, out: '2' },
    { in: 'Tidak', args: { pair: 'YA/TIDAK' }, out: '2' },
    { in: true, args: { pair: 'true/false' }, out: '1' },
    { in: 'v', args: { pair: ['YA/TIDAK', '1/2', 'V/-'] }, out: '1' },
    { in: '-', args: { pair: ['YA/TIDAK', '1/2', 'V/-'] }, out: '2' },
    { in: '2', args: { pair: ['YA/TIDAK', '1/2', 'V/-'] }, out: '2' },
    { in: 'X', args: { pair: ['YA/TIDAK', '1/2'] }, finding: 'code-unmapped' },
    { in: ['TIDAK', 'YA'], args: { from: ['a', 'b'], pair: 'YA/TIDAK' }, out: '1' },
    { in: ['TIDAK', ''], args: { from: ['a', 'b'], pair: 'YA/TIDAK' } },
  ],
  compile,
  invert: (rule, target) => {
    const pairs = pairsOf(rule)
    const columns = Array.isArray(rule.from) ? rule.from : undefined
    return (value) => {
      const side = value === target.yes ? 0 : value === target.no ? 1 : undefined
      if (side === undefined) return []
      const words = pairs.map((pair) => pair[side])
      // Of several columns that say it together, which one says yes is not known.
      if (columns !== undefined) return side === 1 ? words.map((no) => columns.map(() => no)) : []
      return words
    }
  },
}

export const boolean: Converter = {
  summary: 'JSON true and false',
  args: [],
  repeats: true,
  examples: [
    { in: true, out: '1' },
    { in: false, out: '2' },
    { in: 'true', finding: 'value-type' },
  ],
  compile: (_rule, target) => (value, note) => {
    if (typeof value !== 'boolean') return note.refuse('value-type')
    return value ? target.yes : target.no
  },
  invert: (_rule, target) => (value) => [value === target.yes ? 'true' : value === target.no ? 'false' : ''],
}
