import type { Json } from '../../domain/entry.ts'
import type { Converter, Note } from './converter.ts'

const LONGEST_NAME = 100
const LETTER = /\p{L}/u
/** ASCII words with single blanks between: nothing to tidy. One pass of the regular expression engine is faster than a loop in JavaScript. */
const TIDY = /^[!-~]+(?: [!-~]+)*$/
const TIDY_CAPITALS = /^[A-Z][!-`{-~]*(?: [!-`{-~]+)*$/
/**
 * What people write where there is no name: words that say so, NN, N.N. or XX, or one letter three times and more.
 * Two letters are otherwise a name (Aa, Ii and Ee are Sundanese names) or initials.
 */
const NO_NAME =
  /^(?:NULL|NIHIL|KOSONG|NO ?NAME|ANONIM|UNKNOWN|TANPA NAMA|TIDAK ADA(?: NAMA)?|BELUM (?:ADA|DIBERI) NAMA|(?:TIDAK|TDK|BELUM) DIKETAHUI|([NX])(?:[ .]*\1)+|([A-Z])(?:[ .]*\2){2,})[ .]*$/

/**
 * A name that needs no closer look, as nearly all: tidy capitals and signs of names, and no beginning of a word for no name.
 * One pattern in place of four saves a tenth of a family's time.
 */
const USUAL_NAME =
  /^(?!NULL|NIHIL|KOSONG|NO|ANONIM|UNKNOWN|TANPA|TIDAK|TDK|BELUM|([A-Z])[ .]*\1)[A-Z][A-Z'.,/()-]*(?: [A-Z'.,/()-]+)*$/

/** Trims, and makes one blank of every run of blanks and line breaks. */
function tidy(text: string): string {
  return TIDY.test(text) ? text : text.trim().replace(/\s+/g, ' ')
}

function read(value: Json, note: Note): string | undefined {
  if (typeof value !== 'string') return note.refuse('value-type')
  const words = tidy(value)
  return words === '' ? undefined : words
}

function readCapitals(value: Json, note: Note): string | undefined {
  return typeof value === 'string' && TIDY_CAPITALS.test(value) ? value : read(value, note)?.toUpperCase()
}

export const text: Converter = {
  summary: 'text, trimmed, runs of blanks and line breaks made one blank',
  args: ['case'],
  repeats: true,
  examples: [
    { in: '  JL. MAWAR\n NO. 1 ', out: 'JL. MAWAR NO. 1' },
    { in: 'Jl. Mawar', args: { case: 'upper' }, out: 'JL. MAWAR' },
    { in: 12, finding: 'value-type' },
  ],
  compile: (rule) => (rule.case === 'upper' ? readCapitals : read),
}

export const name: Converter = {
  summary:
    'name of a person: as text, in capitals; one without a letter or such as NN is none, one of more than 100 characters is not taken',
  args: [],
  examples: [
    { in: ' Siti  Aminah ', out: 'SITI AMINAH' },
    { in: '-' },
    { in: 'N.N.' },
    { in: 'xxx' },
    { in: 'Aaa' },
    { in: 'Aa', out: 'AA' },
    { in: 'S. S.', out: 'S. S.' },
    { in: 'Tanpa Nama' },
    { in: 'A'.repeat(101), finding: 'name-too-long' },
  ],
  compile: () => (value, note) => {
    if (typeof value === 'string' && value.length <= LONGEST_NAME && USUAL_NAME.test(value)) return value
    const words = readCapitals(value, note)
    if (words === undefined || words.length > LONGEST_NAME) return words && note.refuse('name-too-long', false)
    return NO_NAME.test(words) || !LETTER.test(words) ? undefined : words
  },
}
