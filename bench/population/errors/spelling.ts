import type { Dice } from '../dice.ts'

type Rule = (word: string) => string

/** Spellings of one name that live side by side, with about the weights at which the sample shows them. */
const RULES: readonly (readonly [weight: number, Rule])[] = [
  [54, (word) => word.replace(/I$/, 'Y')],
  [47, (word) => word.replace(/(?<=I)$/, 'E')],
  [44, (word) => word.replace(/(?<=A)$/, 'H')],
  [16, (word) => word.replace(/H$/, '')],
  [21, (word) => word.replace(/I(?=A)/, 'IY')],
  [6, (word) => word.replace(/IY(?=A)/, 'I')],
  [21, (word) => word.replace(/O$/, 'A')],
  [18, (word) => word.replace(/F/, 'P')],
  [14, (word) => word.replace(/V/, 'F')],
  [10, (word) => word.replace(/F/, 'V')],
  [12, (word) => word.replace(/MM/, 'M')],
  [8, (word) => word.replace(/(?<=[A-Z])U(?=[A-Z])/, 'O')],
  [6, (word) => word.replace(/Z/, 'J')],
  [6, (word) => word.replace(/Z/, 'S')],
  [6, (word) => word.replace(/H(?=[MAO])/, 'CH')],
  [5, (word) => word.replace(/Q/, 'K')],
  [5, (word) => word.replace(/KH/, 'H')],
  [5, (word) => word.replace(/Y/, 'I')],
  [4, (word) => word.replace(/^([BCDKLPRST])L/, '$1EL')],
  [4, (word) => word.replace(/(?<=[BDKLNPRST])E(?=[LR][AIUEO])/, '')],
  [4, (word) => word.replace(/D$/, 'T')],
  [4, (word) => word.replace(/T$/, 'D')],
  [3, (word) => word.replace(/E/, 'I')],
  [3, (word) => word.replace(/(?<=[AIUEO])([LNRT])(?=[AIUEO])/, '$1$1')],
]
const SPLITS = /^(NUR|SITI|SRI|DWI|ABDUL)(?=[A-Z]{3})/

/** The name with one word in another spelling, or split or joined. */
export function variantOf(name: string, dice: Dice): string {
  const words = name.split(' ')
  if (dice.happens(0.05)) {
    const parted = name.replace(SPLITS, '$1 ')
    if (parted !== name) return parted
    if (/^(NUR|SRI|DWI) /.test(name)) return name.replace(' ', '')
  }
  for (let tries = 0; tries < 6; tries++) {
    const at = dice.below(words.length)
    const word = words[at] ?? ''
    const rules = RULES.filter(([, rule]) => word.length > 2 && rule(word) !== word)
    if (rules.length === 0) continue
    const chosen = dice.weighted(Object.fromEntries(rules.map(([weight], place) => [place, weight])))
    const rule = rules[Number(chosen)]?.[1]
    if (rule !== undefined) return words.with(at, rule(word)).join(' ')
  }
  return name
}
