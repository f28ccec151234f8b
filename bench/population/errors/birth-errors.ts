import type { Dice } from '../dice.ts'
import type { Day } from '../people.ts'
import type { Strike } from './rates.ts'

/** A birth date as a source has it: a day, nothing, or something that is no date. */
export type SeenBirth = Day | 'none' | 'broken'

/** The birth date as a source has it; at most one thing is wrong with it. */
export function seenBirth(birth: Day, strike: Strike, dice: Dice): { birth: SeenBirth; errors: string[] } {
  if (strike('dob_missing')) return { birth: 'none', errors: ['dob_missing'] }
  if (strike('dob_invalid')) return { birth: 'broken', errors: ['dob_invalid'] }
  if (strike('dob_default') && (birth.month !== 1 || birth.day !== 1)) {
    const years = dice.happens(0.85) ? 0 : dice.pick([-2, -1, 1, 2])
    return { birth: { year: birth.year + years, month: 1, day: 1 }, errors: ['dob_default'] }
  }
  if (strike('dob_swapped') && birth.day <= 12 && birth.day !== birth.month)
    return { birth: { year: birth.year, month: birth.day, day: birth.month }, errors: ['dob_swapped'] }
  if (strike('dob_year_off')) {
    const years = dice.happens(0.85) ? dice.pick([-1, 1]) : dice.pick([-10, 10])
    const year = Math.min(birth.year + years, 2024)
    if (year !== birth.year) return { birth: { ...birth, year }, errors: ['dob_year_off'] }
  }
  return { birth, errors: [] }
}
