import type { Dice } from '../dice.ts'
import type { Village } from '../people.ts'
import { digits } from '../people.ts'
import type { Strike } from './rates.ts'

/** Village codes as a source has them; a damaged code no longer fits the names beside it. */
export function seenVillage(village: Village, strike: Strike, dice: Dice): { village: Village; errors: string[] } {
  const { bps, kemendagri } = village
  if (strike('village_missing'))
    return { village: { ...village, bps: '', kemendagri: '' }, errors: ['village_missing'] }
  if (strike('village_unknown')) {
    const number = 980 + dice.below(20)
    const unknown = { bps: `${bps.slice(0, 7)}${number}`, kemendagri: `${kemendagri.slice(0, 9)}9${digits(number, 3)}` }
    return { village: { ...village, ...unknown }, errors: ['village_unknown'] }
  }
  if (strike('village_wrong_scheme')) {
    const dotted = `${bps.slice(0, 2)}.${bps.slice(2, 4)}.${bps.slice(4, 6)}.${bps.slice(6)}`
    const other = { bps: kemendagri.replaceAll('.', ''), kemendagri: dotted }
    return { village: { ...village, ...other }, errors: ['village_wrong_scheme'] }
  }
  return { village, errors: [] }
}
