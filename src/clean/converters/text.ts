import type { Json } from '../../domain/entry.ts'
import { hasBrokenLetters } from '../mapping/texts.ts'
import { asWritten } from './as-written.ts'
import type { ConversionTarget, Convert, Converter, Note } from './converter.ts'
import { titlesApart } from './titles.ts'

const LONGEST_NAME = 100
const LETTER = /\p{L}/u
/** ASCII words with single blanks between: nothing to tidy. One pass of the regular expression engine is faster than a loop in JavaScript. */
const TIDY = /^[!-~]+(?: [!-~]+)*$/
const TIDY_CAPITALS = /^[A-Z][!-`{-~]*(?: [!-`{-~]+)*$/
/**
 * What people write where there is no name: NN, N.N. or XX, or one letter three times and more. Two letters are otherwise a name
 * (Aa, Ii and Ee are Sundanese names) or initials. The words that say so are data (canonical/placeholders.yaml).
 */
const NO_NAME = /^(?:([NX])(?:[ .]*\1)+|([A-Z])(?:[ .]*\2){2,})[ .]*$/

/** A letter that was replaced because it could not be written. */
const LOST_LETTER = /\p{L}\?\p{L}/u

/**
 * A name that needs no closer look, as nearly all: tidy capitals and signs of names, and no letter repeated at the beginning.
 * One pattern in place of four saves a tenth of a family's time.
 */
const USUAL_NAME = /^(?!([A-Z])[ .]*\1)[A-Z][A-Z'.,/()-]*(?: [A-Z'.,/()-]+)*$/

/** Trims, and makes one blank of every run of blanks and line breaks. */
function tidy(text: string): string {
  return TIDY.test(text) ? text : text.trim().replace(/\s+/g, ' ')
}

function read(value: Json, note: Note): string | undefined {
  if (typeof value !== 'string') return note.refuse('value-type')
  const words = tidy(value)
  // What is damaged was told when the record was read.
  return words === '' || hasBrokenLetters(words) ? undefined : words
}

/** Leaves out what is written for an empty value. */
function withoutPlaceholders(convert: Convert, { placeholders }: ConversionTarget): Convert {
  if (placeholders === undefined) return convert
  return (value, note, beside) => {
    const words = convert(value, note, beside)
    return typeof words === 'string' && placeholders.isValue(words) ? note.refuse('value-placeholder') : words
  }
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
  compile: (rule, target) => withoutPlaceholders(rule.case === 'upper' ? readCapitals : read, target),
  invert: asWritten,
}

export const name: Converter = {
  summary:
    'name of a person: as text, in capitals; one without a letter, a placeholder or one with broken letters is none, one of more than 100 characters is not taken',
  args: ['titles'],
  examples: [
    { in: ' Siti  Aminah ', out: 'SITI AMINAH' },
    { in: 'H. Ahmad Sudrajat, S.Pd', args: { titles: 'apart' }, out: 'AHMAD SUDRAJAT' },
    { in: 'Alm. Karto bin Wiryo', args: { titles: 'apart' }, out: 'KARTO BIN WIRYO', finding: 'name-deceased' },
    { in: '-' },
    { in: 'N.N.', finding: 'name-placeholder' },
    { in: 'xxx', finding: 'name-placeholder' },
    { in: 'Aaa', finding: 'name-placeholder' },
    { in: 'Aa', out: 'AA' },
    { in: 'S. S.', out: 'S. S.' },
    { in: 'Tanpa Nama', finding: 'name-placeholder' },
    { in: 'Mr. X', finding: 'name-placeholder' },
    { in: 'Nullah', out: 'NULLAH' },
    { in: 'NOÃ«L', finding: 'name-damaged' },
    { in: 'NO?L', finding: 'name-damaged' },
    { in: 'A'.repeat(101), finding: 'name-too-long' },
  ],
  compile: (rule, { placeholders }) => {
    const read: Convert = (value, note) => {
      const isUsual = typeof value === 'string' && value.length <= LONGEST_NAME && USUAL_NAME.test(value)
      if (isUsual) return placeholders?.isName(value) === true ? note.refuse('name-placeholder', false) : value
      if (typeof value === 'string' && isBroken(value)) return note.refuse('name-damaged', false)
      if (typeof value === 'string' && placeholders?.isName(value.trim()) === true)
        return note.refuse('name-placeholder', false)
      const words = readCapitals(value, note)
      if (words === undefined || words.length > LONGEST_NAME) return words && note.refuse('name-too-long', false)
      if (!LETTER.test(words)) return undefined
      return NO_NAME.test(words) ? note.refuse('name-placeholder', false) : words
    }
    return rule.titles === 'apart' ? titlesApart(read) : read
  },
  invert: asWritten,
}

function isBroken(name: string): boolean {
  return hasBrokenLetters(name) || LOST_LETTER.test(name)
}
