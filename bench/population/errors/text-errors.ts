import type { Dice } from '../dice.ts'
import type { ErrorKind, Strike } from './rates.ts'

const KINDS: readonly (readonly [ErrorKind, (text: string, at: number) => string])[] = [
  ['bom_inside', (text) => `\ufeff${text}`],
  ['nul_char', (text, at) => `${text.slice(0, at)}\0${text.slice(at)}`],
  ['rtl_override', (text, at) => `${text.slice(0, at)}\u202e${text.slice(at)}`],
  ['formula_injection', (text) => `=${text}`],
  ['overlong_name', (text) => `${text} `.repeat(40).trim()],
]

/** A text with what software leaves in texts, and what that is called. */
export function seenText(text: string, strike: Strike, dice: Dice): { text: string; errors: string[] } {
  for (const [kind, change] of KINDS)
    if (text !== '' && strike(kind)) return { text: change(text, dice.below(text.length)), errors: [kind] }
  return { text, errors: [] }
}
