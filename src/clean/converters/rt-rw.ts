import type { Convert, Converter } from './converter.ts'

const LONGEST = 300
/** `RT.003/RW.02`, `RT 3`, `Rt:03`; behind letters it is a part of a word. */
const NAMED = {
  RT: /(?:^|[^\p{L}])RT[\s.:/-]*([0-9]{1,3})(?![0-9])/iu,
  RW: /(?:^|[^\p{L}])RW[\s.:/-]*([0-9]{1,3})(?![0-9])/iu,
}
/** `RT/RW 003/02`, `RT/RW: 003/002` */
const BOTH = /RT\s*[/\-.]\s*RW[\s.:]*([0-9]{1,3})\s*[/-]\s*([0-9]{1,3})(?![0-9])/i
/** The number behind that of an RT: `RT 003/02`, `JL. MAWAR RT.3/2`. */
const BEHIND_RT = /(?:^|[^\p{L}])RT[\s.:]*[0-9]{1,3}\s*\/\s*([0-9]{1,3})(?![0-9/])/iu
/** Nothing but the two numbers: `003/02`. */
const BARE = /^\s*([0-9]{1,3})\s*[/-]\s*([0-9]{1,3})\s*$/
/** Nothing but one number. */
const ONE = /^\s*([0-9]{1,3})(?:[.,]0+)?\s*$/

function numberOf(which: 'RT' | 'RW'): Convert {
  const at = which === 'RT' ? 1 : 2
  const behind = which === 'RW' ? BEHIND_RT : undefined
  return (value, note) => {
    if (typeof value !== 'string' && typeof value !== 'number') return note.refuse('value-type')
    const text = String(value)
    if (text.length > LONGEST) return note.refuse('value-invalid')
    const found =
      (BOTH.exec(text) ?? BARE.exec(text))?.[at] ??
      NAMED[which].exec(text)?.[1] ??
      behind?.exec(text)?.[1] ??
      ONE.exec(text)?.[1]
    return found === undefined || Number(found) === 0 ? undefined : found.padStart(3, '0')
  }
}

/** The same number among others of the cell cannot be written back. */
const invert: Converter['invert'] = () => (value) => [String(value)]

export const rt: Converter = {
  summary: 'number of the RT as three digits, wherever it stands: `RT.003/RW.02`, `003/02`, `JL. MAWAR RT 3 RW 2`',
  args: [],
  examples: [
    { in: 'RT.003/RW.02', out: '003' },
    { in: '003/02', out: '003' },
    { in: 'Jl. Mawar No. 5 RT 3 RW 2', out: '003' },
    { in: 'RT/RW 001/012', out: '001' },
    { in: 'rt04rw11', out: '004' },
    { in: '7', out: '007' },
    { in: 'JL. KARTINI 12' },
    { in: '000/000' },
    { in: true, finding: 'value-type' },
  ],
  compile: () => numberOf('RT'),
  invert,
}

export const rw: Converter = {
  summary: 'number of the RW as three digits, wherever it stands; see `rt`',
  args: [],
  examples: [
    { in: 'RT.003/RW.02', out: '002' },
    { in: '003/02', out: '002' },
    { in: 'Jl. Mawar No. 5 RT 3 RW 2', out: '002' },
    { in: 'RT/RW 001/012', out: '012' },
    { in: 'JL. MAWAR RT.003/02', out: '002' },
    { in: 'RT 5' },
    { in: 'RT 5 / 12/1985' },
    { in: true, finding: 'value-type' },
  ],
  compile: () => numberOf('RW'),
  invert,
}
