import { addClashes } from './clashes.ts'
import { type Dice, diceOf } from './dice.ts'
import { familyOf } from './family.ts'
import { numbersOf } from './numbers.ts'
import type { Family, Recipe, Village } from './people.ts'
import { placesOf, REGIONS, type Region } from './regions.ts'

/** The true families of a region, and villages that some of them have lived in before. */
export type Populace = { region: Region; families: Family[]; villages: readonly Village[]; beyond: readonly Village[] }

/** Draws the true population: four regions in the shares of the sample, or only that of a platform. */
export function populate({ seed, persons, clash }: Recipe, platform?: string): Populace[] {
  const numbers = numbersOf(diceOf(seed * 101 + 7))
  return REGIONS.flatMap((region, at) => {
    if (platform !== undefined && region.platform !== platform) return []
    const dice = diceOf(seed * 101 + 11 + at)
    const wanted = Math.round(persons * region.share)
    const { home, beyond } = placesOf(region, wanted, dice)
    const families = draw(wanted, (number) => familyOf({ region, villages: home, numbers, dice }, number))
    addClashes(families, clash, numbers, dice)
    return { region, families, villages: home, beyond }
  })
}

function draw(persons: number, familyOf: (number: number) => Family): Family[] {
  const families: Family[] = []
  for (let count = 0; count < persons; ) {
    const family = familyOf(families.length + 1)
    families.push(family)
    count += family.members.length
  }
  return families
}

/** Which families a source of a region knows. */
export function coverage(source: string, { decile }: Family, dice: Dice): boolean {
  if (source === 'dtks') return dice.happens(Math.max(0.02, 0.98 - 0.105 * decile))
  if (source === 'p3ke') return dice.happens(Math.max(0.1, 0.9 - 0.06 * decile))
  return dice.happens(0.735)
}
