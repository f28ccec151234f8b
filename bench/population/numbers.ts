import type { Dice } from './dice.ts'
import { type Day, digits } from './people.ts'

/** Gives out NIK and No. KK, none twice: six digits of the district, a date, a serial. */
export type Numbers = {
  nik(district: string, birth: Day, female: boolean): string
  kk(district: string): string
}

/** What is given to one only, through all parts of a population: NIK, No. KK, and the numbers of sources' keys by source. */
export type Issued = { numbers: Numbers; keys: Map<string, Set<number>> }

/** Nothing is given yet. */
export function issuedFrom(dice: Dice): Issued {
  return { numbers: numbersOf(dice), keys: new Map() }
}

/** A fresh office; serials mostly begin with 1, as those of a district's day do. */
function numbersOf(dice: Dice): Numbers {
  const given = new Set<string>()
  const next = (stem: string, serial: number): string => {
    const number = `${stem}${digits(serial, 4)}`
    if (given.has(number)) return next(stem, serial + 1)
    given.add(number)
    return number
  }
  return {
    nik: (district, { year, month, day }, female) => {
      const serial = dice.happens(0.7) ? 1 : dice.between(2, dice.happens(0.75) ? 4 : 14)
      const date = `${digits(day + (female ? 40 : 0), 2)}${digits(month, 2)}${digits(year % 100, 2)}`
      return next(`${district}${date}`, serial)
    },
    kk: (district) => {
      const issued = `${digits(dice.between(1, 28), 2)}${digits(dice.between(1, 12), 2)}${digits(dice.between(8, 25), 2)}`
      return next(`${district}${issued}`, dice.between(1, 6))
    },
  }
}
