import type { Dice } from '../dice.ts'
import { abbreviated } from './abbreviate.ts'
import type { Strike } from './rates.ts'
import { variantOf } from './spelling.ts'

const TITLES_BEFORE = ['H.', 'HJ.', 'DRS.', 'DRA.', 'IR.', 'DR.', 'K.H.', 'H']
const TITLES_AFTER = [
  ', S.PD',
  ', S.E.',
  ', S.H.',
  ', S.KOM',
  ', S.PD.I',
  ', A.MD',
  ', M.PD',
  ' SE',
  ' S.AG',
  ', S.SOS',
]
const LETTERS = 'ABCDEFGHIJKLMNOPRSTUWY'
const LONGEST = 14

/** The name as a source has it, and what is wrong with it. */
export function seenName(
  name: string,
  female: boolean,
  strike: Strike,
  dice: Dice,
): { name: string; errors: string[] } {
  if (strike('name_missing')) return { name: dice.pick(['', '-']), errors: ['name_missing'] }
  const errors: string[] = []
  let seen = name
  const change = (kind: Parameters<Strike>[0], change: (name: string) => string) => {
    if (!strike(kind)) return
    const changed = change(seen)
    if (changed === seen) return
    seen = changed
    errors.push(kind)
  }
  change('name_abbrev', (text) => abbreviated(text, dice))
  change('name_old_spelling', oldSpelling)
  change('name_variant', (text) => variantOf(text, dice))
  change('name_order', (text) => reordered(text, dice))
  change('name_typo', (text) => mistyped(text, dice))
  change('name_truncated', (text) => cutOff(text, dice))
  change('name_title', (text) => titled(text, female, dice))
  return { name: seen, errors }
}

/** The spelling of before 1972. */
function oldSpelling(name: string): string {
  return name.replaceAll('J', 'DJ').replaceAll('Y', 'J').replaceAll('C', 'TJ').replaceAll('U', 'OE')
}

function reordered(name: string, dice: Dice): string {
  const words = name.split(' ')
  if (words.length < 2 || /[.,]/.test(name)) return name
  const at = words.length === 2 ? 0 : dice.below(words.length - 1)
  const [one = '', other = ''] = words.slice(at, at + 2)
  return [...words.slice(0, at), other, one, ...words.slice(at + 2)].join(' ')
}

/** One letter left out, doubled, exchanged with its neighbour, or another one. */
function mistyped(name: string, dice: Dice): string {
  const places = [...name].flatMap((letter, at) => (/[A-Z]/.test(letter) ? [at] : []))
  const at = dice.pick(places)
  const letter = name[at] ?? ''
  const [before, after] = [name.slice(0, at), name.slice(at + 1)]
  const kind = dice.below(4)
  if (kind === 0) return before + after
  if (kind === 1) return before + letter + letter + after
  if (kind === 2 && /[A-Z]/.test(after[0] ?? '')) return before + after[0] + letter + after.slice(1)
  return before + dice.pick([...LETTERS]) + after
}

/** The last word is gone, or the letters beyond a field's width. */
function cutOff(name: string, dice: Dice): string {
  const words = name.split(' ')
  if (words.length > 1 && dice.happens(0.85)) return words.slice(0, -1).join(' ')
  return name.slice(0, Math.max(LONGEST - dice.below(4), 4)).trimEnd()
}

function titled(name: string, female: boolean, dice: Dice): string {
  if (/^HJ?\. /.test(name)) return name.replace(/^HJ?\. /, '')
  if (dice.happens(0.45)) {
    const fits = TITLES_BEFORE.filter((title) => (female ? /^(HJ|DR)/.test(title) : !/^(HJ|DRA)/.test(title)))
    return `${dice.pick(fits)} ${name}`
  }
  return name + dice.pick(TITLES_AFTER)
}
