import type { CodeAnswer } from '../codes/codes.ts'
import type { Convert, Converter, Note } from './converter.ts'

/** Passes what an answer says to the note. The value is undefined where it is ambiguous or has no canonical code. */
function speak(answer: CodeAnswer, note: Note): string | undefined {
  note.said = true
  note.keep = answer.keep
  note.candidates = answer.candidates
  note.inferred = answer.inferred
  if (answer.hold) note.code = 'code-held'
  return answer.value
}

function repairedTo(answer: CodeAnswer, note: Note): string | undefined {
  const value = speak(answer, note)
  if (note.code === '') note.code = 'code-repaired'
  return value
}

const compile: Converter['compile'] = (rule, target): Convert => {
  const table = target.codes
  if (table === undefined) throw new TypeError(`${target.name} has no code table`)
  const severity = rule.unmapped === 'hold' ? 'hold' : rule.unmapped === 'reject' ? 'error' : undefined
  return (value, note) => {
    if (typeof value === 'object') return note.refuse('value-type')
    const text = typeof value === 'string' ? value : String(value)
    const answer = table.find(text)
    if (answer === undefined) {
      if (text.trim() === '') return undefined
      const repaired = table.repaired(text)
      if (repaired !== undefined) return repairedTo(repaired, note)
      note.severity = severity
      return note.refuse('code-unmapped')
    }
    return answer.plain ? answer.value : speak(answer, note)
  }
}

export const code: Converter = {
  summary: 'looks a source code or label up in a code list',
  args: ['codes', 'unmapped'],
  needs: ['codes'],
  repeats: true,
  examples: [
    { in: 'P', args: { codes: { L: '1', P: '2' } }, out: '2' },
    { in: ' laki - laki ', args: { codes: { 'Laki-laki': '1' } }, out: '1' },
    { in: 1, args: { codes: { '1': '1' } }, out: '1' },
    { in: '2.0', args: { codes: { '2': '2' } }, out: '2', finding: 'code-repaired' },
    { in: '1', args: { codes: { '01': '1', '10': '2' } }, out: '1', finding: 'code-repaired' },
    { in: true, args: { codes: { true: '1', false: '2' } }, out: '1' },
    { in: 'X', args: { codes: { L: '1' } }, finding: 'code-unmapped' },
    { in: '-', args: { codes: { '-': null } } },
  ],
  compile,
  invert: (_rule, { codes }) => {
    return (value) => codes?.ways(String(value)) ?? []
  },
}
